// The text of a post: grows with what is typed, completes people, hashtags and emoji.
import type { RefObject } from "preact";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { m } from "../i18n";
import { Avatar } from "../parts/basics";
import { nameOf } from "../parts/rich";
import { type Suggestion, type Token, suggest, tokenAt } from "./suggest";

interface EditorProps {
  text: string;
  change: (text: string) => void;
  placeholder: string;
  area: RefObject<HTMLTextAreaElement | null>;
  onFiles: (files: File[]) => void;
  send: () => void;
}

const PAUSE = 160;

export function Editor({ text, change, placeholder, area, onFiles, send }: EditorProps) {
  const [token, setToken] = useState<Token | null>(null);
  const [found, setFound] = useState<Suggestion[]>([]);
  const [at, setAt] = useState(0);
  const cursor = useRef<number | null>(null);
  const list = useId();

  useLayoutEffect(() => {
    const box = area.current;
    if (!box) return;
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight}px`;
    if (cursor.current !== null) {
      box.setSelectionRange(cursor.current, cursor.current);
      cursor.current = null;
    }
  }, [text]);

  useEffect(() => {
    setFound([]);
    if (!token) return;
    let current = true;
    const timer = setTimeout(() => {
      void suggest(token).then(
        (suggestions) => {
          if (!current) return;
          const [only] = suggestions;
          const typed = `${token.kind}${token.word}`.toLowerCase();
          setFound(suggestions.length === 1 && only?.text.toLowerCase() === typed ? [] : suggestions);
          setAt(0);
        },
        () => undefined,
      );
    }, PAUSE);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [token?.kind, token?.word, token?.start]);

  const look = (): void => {
    const box = area.current;
    setToken(box && box.selectionStart === box.selectionEnd ? tokenAt(box.value, box.selectionStart) : null);
  };
  const take = (suggestion: Suggestion): void => {
    if (!token) return;
    const inserted = `${suggestion.text} `;
    cursor.current = token.start + inserted.length;
    change(text.slice(0, token.start) + inserted + text.slice(token.end).replace(/^ /, ""));
    setToken(null);
    area.current?.focus();
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      send();
      return;
    }
    if (found.length === 0) return;
    const suggestion = found[at];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      setAt((at + (event.key === "ArrowDown" ? 1 : found.length - 1)) % found.length);
    } else if ((event.key === "Enter" || event.key === "Tab") && suggestion) {
      event.preventDefault();
      take(suggestion);
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      setToken(null);
    }
  };
  const onPaste = (event: ClipboardEvent): void => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    onFiles(files);
  };
  const isOpen = found.length > 0;
  return (
    <div class="editor">
      <textarea
        ref={area}
        class="editor-text"
        value={text}
        placeholder={placeholder}
        aria-label={m.compose.text}
        rows={3}
        dir="auto"
        spellcheck
        aria-autocomplete="list"
        aria-controls={list}
        aria-activedescendant={isOpen ? `${list}-${at}` : undefined}
        onInput={(event) => {
          change(event.currentTarget.value);
          look();
        }}
        onKeyDown={onKey}
        onKeyUp={(event) => /^(Arrow|Home|End)/.test(event.key) && !isOpen && look()}
        onClick={look}
        onPaste={onPaste}
      />
      <ul id={list} class="suggestions" role="listbox" aria-label={m.compose.suggestions} hidden={!isOpen}>
        {found.map((suggestion, index) => (
          <li
            key={suggestion.text}
            id={`${list}-${index}`}
            role="option"
            aria-selected={index === at}
            onPointerDown={(event) => {
              event.preventDefault();
              take(suggestion);
            }}
          >
            {suggestion.kind === "person" && (
              <>
                <Avatar account={suggestion.account} size="s" />
                <strong>{nameOf(suggestion.account)}</strong>
                <span>{suggestion.text}</span>
              </>
            )}
            {suggestion.kind === "tag" && (
              <>
                <strong>{suggestion.text}</strong>
                {suggestion.uses > 0 && <span>{m.tag.uses(suggestion.uses)}</span>}
              </>
            )}
            {suggestion.kind === "emoji" && (
              <>
                {suggestion.picture ? (
                  <img class="emoji" src={suggestion.picture.url} alt="" />
                ) : (
                  <span class="suggestion-emoji">{suggestion.text}</span>
                )}
                <span>{suggestion.name}</span>
              </>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

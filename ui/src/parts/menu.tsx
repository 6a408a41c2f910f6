// A button that opens a menu: arrow keys, Home, End, Escape, and focus back where it came from.
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Icon, type IconName } from "./icon";

export interface MenuItem {
  label: string;
  icon?: IconName;
  danger?: boolean;
  checked?: boolean;
  hint?: string;
  href?: string;
  run?: () => unknown;
}

interface MenuProps {
  label: string;
  items: () => (MenuItem | null | false)[];
  children?: ComponentChildren;
  class?: string;
  /** The children are words: they are the button's name, the label is added for screen readers. */
  worded?: boolean;
}

export function Menu({ label, items, children = <Icon name="more" />, class: name = "icon-button", worded = false }: MenuProps) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);

  const close = (): void => {
    setOpen(false);
    button.current?.focus({ preventScroll: true });
  };
  const entries = (): HTMLElement[] => [...(list.current?.querySelectorAll<HTMLElement>("[role^=menuitem]") ?? [])];

  useEffect(() => {
    if (!open) return;
    const outside = (event: Event): void => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", outside);
    document.addEventListener("focusin", outside);
    return () => {
      document.removeEventListener("pointerdown", outside);
      document.removeEventListener("focusin", outside);
    };
  }, [open]);

  useLayoutEffect(() => {
    if (!open || !list.current || !button.current) return;
    const box = list.current.getBoundingClientRect();
    const anchor = button.current.getBoundingClientRect();
    list.current.toggleAttribute("data-up", anchor.bottom + box.height + 80 > innerHeight && anchor.top > box.height + 70);
    list.current.toggleAttribute("data-start", anchor.right - box.width < 8);
    entries()[0]?.focus({ preventScroll: true });
  }, [open]);

  const onKey = (event: KeyboardEvent): void => {
    if (!open) return;
    const all = entries();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const step: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1 + all.length, Home: 0, End: all.length - 1 };
    const to = step[event.key];
    if (to !== undefined) {
      event.preventDefault();
      all[to % all.length]?.focus();
    } else if (event.key === "Escape") {
      event.preventDefault();
      close();
    } else if (event.key === "Tab") {
      setOpen(false);
    }
    event.stopPropagation();
  };

  return (
    <div class="menu" ref={root} onKeyDown={onKey}>
      <button
        ref={button}
        type="button"
        class={name}
        aria-haspopup="menu"
        aria-expanded={open}
        {...(!worded && { "aria-label": label })}
        title={label}
        onClick={() => setOpen(!open)}
      >
        {worded && <span class="visually-hidden">{label}</span>}
        {children}
      </button>
      {open && (
        <div ref={list} class="menu-list" role="menu" aria-label={label}>
          {items().map((item, index) => {
            if (!item) return null;
            const inside = (
              <>
                {item.icon && <Icon name={item.icon} />}
                <span class="menu-words">
                  {item.label}
                  {item.hint && <small>{item.hint}</small>}
                </span>
                {item.checked && <Icon name="check" />}
              </>
            );
            const look = `menu-item${item.danger ? " menu-item-danger" : ""}`;
            if (item.href)
              return (
                <a key={index} class={look} role="menuitem" href={item.href} onClick={() => setOpen(false)}>
                  {inside}
                </a>
              );
            const pick = (): void => {
              close();
              item.run?.();
            };
            return item.checked === undefined ? (
              <button key={index} type="button" class={look} role="menuitem" onClick={pick}>
                {inside}
              </button>
            ) : (
              <button key={index} type="button" class={look} role="menuitemradio" aria-checked={item.checked} onClick={pick}>
                {inside}
              </button>
            );
          })}
        </div>
      )}
    </div>
  );
}

// The frame of the pages before the door: the mark, one card, nothing else.
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { site } from "../../state/session";
import { Mark } from "../../parts/icon";

interface GateProps {
  title: string;
  intro?: ComponentChildren;
  children: ComponentChildren;
  below?: ComponentChildren;
}

export function Gate({ title, intro, children, below }: GateProps) {
  useEffect(() => {
    document.title = `${title} · ${site.value.title}`;
  }, [title]);
  return (
    <div class="gate">
      <a class="brand gate-brand" href="/explore">
        <Mark />
        <span>{site.value.title}</span>
      </a>
      <section class="gate-card">
        <h1 tabIndex={-1}>{title}</h1>
        {intro && <div class="gate-intro">{intro}</div>}
        {children}
      </section>
      {below && <p class="gate-below">{below}</p>}
    </div>
  );
}

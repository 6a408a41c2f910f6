// The small things every page is made of.
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { Account, Role } from "../api/types";
import { explain } from "../api/errors";
import { fullDate, m, shortAge } from "../i18n";
import { preferences } from "../state/settings";
import { Icon, type IconName } from "./icon";
import { smallOf } from "./sized";

/** As in parts.css. */
const avatarWidths = { s: 34, m: 46, l: 104 };

export function Avatar({ account, size = "m" }: { account: Account; size?: "s" | "m" | "l" }) {
  const still = preferences.value.reduceMotion;
  const large = still ? account.avatarStatic : account.avatar;
  const small = smallOf(account).avatar;
  return (
    <img
      class={`avatar avatar-${size}`}
      {...(small && { sizes: `${avatarWidths[size]}px`, srcSet: `${small} 144w, ${large} 400w` })}
      src={large}
      alt=""
      loading="lazy"
      decoding="async"
      draggable={false}
    />
  );
}

export const profilePath = (account: Pick<Account, "acct">): string => `/@${account.acct}`;

const ROLES: readonly Role[] = ["user", "moderator", "admin", "owner"];

/** Of a role as the API sends it, whose names are English and whose ids are the ranks; a plain member has none, or -99. */
export const roleOf = (role: unknown): Role => ROLES[Number((role as { id?: string } | null)?.id)] ?? "user";

export function RoleChip({ role }: { role: unknown }) {
  return roleOf(role) === "user" ? null : <span class="chip chip-role">{m.roles[roleOf(role)]}</span>;
}

interface ButtonProps {
  children: ComponentChildren;
  onClick?: () => unknown;
  kind?: "main" | "soft" | "plain" | "danger";
  icon?: IconName;
  type?: "button" | "submit";
  disabled?: boolean;
  busy?: boolean;
  small?: boolean;
  pressed?: boolean;
}

export function Button({
  children,
  onClick,
  kind = "soft",
  icon,
  type = "button",
  disabled = false,
  busy = false,
  small = false,
  pressed,
}: ButtonProps) {
  return (
    <button
      type={type}
      class={`button button-${kind}${small ? " button-small" : ""}`}
      onClick={onClick && (() => void onClick())}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      aria-pressed={pressed}
    >
      {busy ? <span class="spinner" aria-hidden="true" /> : icon && <Icon name={icon} />}
      <span>{children}</span>
    </button>
  );
}

interface IconButtonProps {
  icon: IconName;
  label: string;
  onClick: () => unknown;
  pressed?: boolean;
  disabled?: boolean;
}

export function IconButton({ icon, label, onClick, pressed, disabled }: IconButtonProps) {
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      disabled={disabled}
      onClick={() => void onClick()}
    >
      <Icon name={icon} />
    </button>
  );
}

export function Time({ iso }: { iso: string }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const fresh = now - new Date(iso).getTime() < 3_600_000;
    if (!fresh) return;
    const timer = setInterval(() => setNow(Date.now()), 30_000);
    return () => clearInterval(timer);
  }, [iso]);
  return (
    <time dateTime={iso} title={fullDate(iso)}>
      {shortAge(iso, Math.max(now, Date.now()))}
    </time>
  );
}

export function Spinner({ label = m.states.loading }: { label?: string }) {
  return (
    <div class="state" role="status">
      <span class="spinner spinner-large" aria-hidden="true" />
      <span class="visually-hidden">{label}</span>
    </div>
  );
}

export function Skeletons({ rows = 4 }: { rows?: number }) {
  return (
    <div class="skeletons" role="status" aria-label={m.states.loading}>
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} class="skeleton" aria-hidden="true">
          <i class="bone bone-round" />
          <div>
            <i class="bone" />
            <i class="bone bone-wide" />
            <i class="bone bone-mid" />
          </div>
        </div>
      ))}
    </div>
  );
}

export function Empty({ icon, title, children }: { icon: IconName; title: string; children?: ComponentChildren }) {
  return (
    <div class="state">
      <span class="state-icon">
        <Icon name={icon} />
      </span>
      <p class="state-title">{title}</p>
      {children && <div class="state-text">{children}</div>}
    </div>
  );
}

export function Trouble({ error, retry }: { error: unknown; retry?: () => unknown }) {
  return (
    <div class="state" role="alert">
      <span class="state-icon state-icon-trouble">
        <Icon name={navigator.onLine ? "alert" : "offline"} />
      </span>
      <p class="state-title">{m.states.trouble}</p>
      <p class="state-text">{explain(error)}</p>
      {retry && (
        <Button icon="refresh" onClick={retry}>
          {m.states.retry}
        </Button>
      )}
    </div>
  );
}

interface FieldProps {
  label: string;
  hint?: ComponentChildren;
  errors?: string[] | undefined;
  children: (ids: { id: string; "aria-describedby"?: string; "aria-invalid"?: boolean }) => ComponentChildren;
}

/** Label, hint and errors around one input, tied together for screen readers. */
export function Field({ label, hint, errors = [], children }: FieldProps) {
  const id = useId();
  const described = [hint ? `${id}-hint` : "", errors.length ? `${id}-error` : ""].filter(Boolean).join(" ");
  return (
    <div class={`field${errors.length ? " field-wrong" : ""}`}>
      <label for={id}>{label}</label>
      {children({ id, ...(described && { "aria-describedby": described }), ...(errors.length && { "aria-invalid": true }) })}
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {errors.length > 0 && (
        <p class="field-error" id={`${id}-error`}>
          {errors.join(" ")}
        </p>
      )}
    </div>
  );
}

export function Switch({
  label,
  hint,
  checked,
  onChange,
}: {
  label: string;
  hint?: string;
  checked: boolean;
  onChange: (on: boolean) => void;
}) {
  const id = useId();
  return (
    <label class="switch" for={id}>
      <span>
        <span class="switch-label">{label}</span>
        {hint && <span class="hint">{hint}</span>}
      </span>
      <input id={id} type="checkbox" role="switch" checked={checked} onChange={(event) => onChange(event.currentTarget.checked)} />
    </label>
  );
}

/** Calls back when it comes near the screen; the way lists load their next page. */
export function Edge({ onNear }: { onNear: () => void }) {
  const ref = useRef<HTMLDivElement>(null);
  const latest = useRef(onNear);
  latest.current = onNear;
  useEffect(() => {
    const observer = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && latest.current(), {
      rootMargin: "900px",
    });
    if (ref.current) observer.observe(ref.current);
    return () => observer.disconnect();
  }, []);
  return <div ref={ref} class="edge" />;
}

import { useEffect, useId, useRef, useState, useSyncExternalStore, type ReactNode } from "react";
import type { CombinedError } from "urql";
import { Icon } from "./icon";
import { WORDS, type State } from "./state";
import { ago, duration, epoch, exact, type Moment } from "./time";

const REMEDIES: Record<string, string> = {
  NOT_ALLOWED: "An administrator can give you a role that allows it.",
  DATABASE_UNAVAILABLE: "The server asks its database again by itself; so does this page.",
  OVERLOADED: "Nothing was started. Try again in some seconds.",
  SHUTTING_DOWN: "The server is being stopped. This page goes on by itself with the next one.",
  SEARCH_TOO_LONG: "Narrow the search, by a status or a time.",
  ANSWER_TOO_LARGE: "Ask for less: narrow the filter.",
  JOB_NOT_FOUND: "It was deleted, or is of a group that you are not in.",
  INTERNAL_ERROR: "The server's log says more under the id of the error.",
};

/** What went wrong, and what to do. */
export function Trouble({ error }: { error: CombinedError | { message: string } }) {
  const first = "graphQLErrors" in error ? error.graphQLErrors[0] : undefined;
  const code = first?.extensions["code"];
  const away = "networkError" in error && error.networkError;
  const message = away ? "The server does not answer." : (first?.message ?? error.message);
  const remedy = away ? "This page tries again by itself." : REMEDIES[typeof code === "string" ? code : ""];
  return (
    <div className="trouble" role="alert">
      <p>{message}</p>
      {remedy && <p>{remedy}</p>}
    </div>
  );
}

export function Loading({ what }: { what: string }) {
  return (
    <p className="loading" role="status">
      Loading {what} …
    </p>
  );
}

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <h2>{title}</h2>
      {children}
    </div>
  );
}

export function StateBadge({ state, word }: { state: State; word?: string }) {
  return (
    <span className={`state of-${state}`}>
      <Icon name={state} />
      {word ?? WORDS[state]}
    </span>
  );
}

const SECOND = 1000;
let now = Date.now();
const tickers = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** One clock for the whole page, which ticks while somebody looks at it. */
export function useNow(): number {
  return useSyncExternalStore(
    (listener) => {
      tickers.add(listener);
      timer ??= setInterval(() => {
        now = Date.now();
        for (const ticker of tickers) ticker();
      }, SECOND);
      return () => {
        tickers.delete(listener);
        if (tickers.size === 0) {
          clearInterval(timer);
          timer = undefined;
        }
      };
    },
    () => now,
  );
}

/** Relative; exact on hover. */
export function Time({ at }: { at: Moment }) {
  const current = useNow();
  const moment = epoch(at);
  if (moment === null) return <span className="quiet">–</span>;
  return (
    <time dateTime={new Date(moment).toISOString()} title={exact(moment)}>
      {ago(moment, current)}
    </time>
  );
}

/** From a start to an end, or to now while there is none. */
export function Elapsed({ from, to, over }: { from: Moment; to: Moment; over?: boolean }) {
  const current = useNow();
  const start = epoch(from);
  const end = epoch(to) ?? (over ? null : current);
  return <span>{start === null || end === null ? "–" : duration(end - start)}</span>;
}

export function Copy({ text, what }: { text: string | (() => string); what: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const back = setTimeout(() => setCopied(false), 1200);
    return () => clearTimeout(back);
  }, [copied]);
  return (
    <button
      type="button"
      className="plain"
      title={`Copy ${what}`}
      aria-label={copied ? "Copied" : `Copy ${what}`}
      onClick={() =>
        void navigator.clipboard.writeText(typeof text === "string" ? text : text()).then(() => setCopied(true))
      }
    >
      <Icon name={copied ? "complete" : "copy"} />
    </button>
  );
}

/** Confirms what cannot be undone; says what it will do. */
export function Confirm({
  title,
  action,
  children,
  onDone,
}: {
  title: string;
  action: string;
  children?: ReactNode;
  onDone: (confirmed: boolean) => void;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} aria-label={title} onClose={() => onDone(false)}>
      <h2>{title}</h2>
      {children}
      <div className="row">
        <button type="button" onClick={() => onDone(false)}>
          Leave it
        </button>
        <button type="button" className="danger" onClick={() => onDone(true)}>
          {action}
        </button>
      </div>
    </dialog>
  );
}

export function Drawer({ title, onClose, children }: { title: ReactNode; onClose: () => void; children: ReactNode }) {
  const head = useRef<HTMLElement>(null);
  useEffect(() => head.current?.focus(), []);
  return (
    <aside
      className="drawer"
      aria-label="Details"
      onKeyDown={(event) => event.key === "Escape" && !event.defaultPrevented && onClose()}
    >
      <header ref={head} tabIndex={-1}>
        <div className="grow">{title}</div>
        <button type="button" className="plain" aria-label="Close" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      {children}
    </aside>
  );
}

/** A button that my role may not use stays, and says why. */
export function Act({
  why,
  onAct,
  children,
  className,
}: {
  why: string | null;
  onAct: () => void;
  children: ReactNode;
  className?: string;
}) {
  return (
    <button
      type="button"
      className={className}
      aria-disabled={why !== null}
      title={why ?? undefined}
      onClick={() => why === null && onAct()}
    >
      {children}
    </button>
  );
}

/** Finds among what is shown below it. */
export function Search({
  label,
  hint,
  value,
  onChange,
  onEnter,
}: {
  label: string;
  hint?: string;
  value: string;
  onChange: (value: string) => void;
  onEnter?: () => void;
}) {
  return (
    <input
      type="search"
      aria-label={label}
      placeholder={hint ?? label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      onKeyDown={(event) => event.key === "Enter" && onEnter?.()}
    />
  );
}

/** A line of text with its label above it. */
export function Field({
  label,
  value,
  isSecret = false,
  onChange,
}: {
  label: string;
  value: string;
  isSecret?: boolean;
  onChange: (value: string) => void;
}) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        {...(isSecret && { type: "password", autoComplete: "new-password" })}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  );
}

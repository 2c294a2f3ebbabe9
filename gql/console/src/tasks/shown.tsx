import { useEffect, useState } from "react";
import { Loading } from "../ui/parts";
import { Tree } from "../ui/tree";
import frame from "./frame.css?url";
import { filled, guessed, KINDS, type Kind } from "./texts";

const WORDS: Record<Kind, string> = { text: "Text", markdown: "Markdown", html: "HTML" };

// What an author writes goes before it.
const STYLE = `<link rel="stylesheet" href="${frame}">`;

/** What a task shows: as text, or as Markdown or HTML in a frame in which nothing runs and nothing is fetched. */
export function Shown({ body, variables }: { body: unknown; variables: unknown }) {
  if (body === undefined || body === null || body === "") return null;
  if (typeof body !== "string") return <Tree value={body} what="Body" />;
  return <ShownText text={filled(body, variables)} />;
}

function ShownText({ text }: { text: string }) {
  const [kind, setKind] = useState<Kind>(() => guessed(text));
  const [made, setMade] = useState<{ text: string; html: string } | null>(null);
  useEffect(() => {
    if (kind !== "markdown") return;
    let isCurrent = true;
    void import("marked").then(({ marked }) => {
      const html = marked.parse(text, { async: false, gfm: true });
      if (isCurrent) setMade({ text, html });
    });
    return () => {
      isCurrent = false;
    };
  }, [kind, text]);
  const html = kind === "html" ? text : made?.text === text ? made.html : null;
  return (
    <div className="stack">
      <div className="row small" role="group" aria-label="Show it as">
        {KINDS.map((one) => (
          <button key={one} type="button" className="chip" aria-pressed={one === kind} onClick={() => setKind(one)}>
            {WORDS[one]}
          </button>
        ))}
      </div>
      {kind === "text" ? (
        <pre className="shown">{text}</pre>
      ) : html === null ? (
        <Loading what="what the task shows" />
      ) : (
        <iframe key={kind} className="shown" title="What the task shows" sandbox="" srcDoc={STYLE + html} />
      )}
    </div>
  );
}

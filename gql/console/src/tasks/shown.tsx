import { useEffect, useState } from "react";
import { Tree } from "../ui/tree";
import { filled, guessed, KINDS, type Kind } from "./texts";

const WORDS: Record<Kind, string> = { text: "Text", markdown: "Markdown", html: "HTML" };

/** What a task shows: as text, or as Markdown or HTML in a frame in which nothing runs and nothing is fetched. */
export function Shown({ body, variables }: { body: unknown; variables: unknown }) {
  if (body === undefined || body === null || body === "") return null;
  if (typeof body !== "string") return <Tree value={body} what="Body" />;
  return <ShownText text={filled(body, variables)} />;
}

function ShownText({ text }: { text: string }) {
  const [kind, setKind] = useState<Kind>(() => guessed(text));
  const [html, setHtml] = useState("");
  useEffect(() => {
    if (kind !== "markdown") return;
    let isCurrent = true;
    void import("marked").then(({ marked }) => {
      const made = marked.parse(text, { async: false, gfm: true });
      if (isCurrent) setHtml(made);
    });
    return () => {
      isCurrent = false;
    };
  }, [kind, text]);
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
      ) : (
        <iframe
          key={kind}
          className="shown"
          title="What the task shows"
          sandbox=""
          srcDoc={kind === "html" ? text : html}
        />
      )}
    </div>
  );
}

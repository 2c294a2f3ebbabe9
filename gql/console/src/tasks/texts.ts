/** A text with the values of `variables` in place of each `<!name!>`, as the author of a task writes it. */
export function filled(text: string, variables: unknown): string {
  const given = typeof variables === "object" && variables !== null ? (variables as Record<string, unknown>) : {};
  return text.replace(/<!\s*([^!<>]+?)\s*!>/g, (whole, name: string) => {
    if (!Object.hasOwn(given, name)) return whole;
    const value = given[name];
    return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  });
}

export const KINDS = ["text", "markdown", "html"] as const;
export type Kind = (typeof KINDS)[number];

const MARKDOWN = /^(#{1,6} |[-*+] |\d+\. |> |```|\|.*\|)|\*\*[^*\n]+\*\*|\[[^\]\n]+\]\([^)\n]+\)/m;

/** What a text is probably written as: its reader may choose otherwise. */
export function guessed(text: string): Kind {
  if (isHtml(text)) return "html";
  return MARKDOWN.test(text) ? "markdown" : "text";
}

/** Whether a text is written as HTML: such a one is shown in a frame in which nothing runs. */
export function isHtml(text: string): boolean {
  return /<[a-z][^>]*>/i.test(text);
}

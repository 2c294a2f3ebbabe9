import { expect, test } from "vitest";
import { filled, guessed, isHtml } from "./texts";

test("names stand for their values, and unknown ones for themselves", () => {
  expect(filled("Reload <!device!> at <! port !>, <!nobody!>", { device: "edge-1", port: 22 })).toBe(
    "Reload edge-1 at 22, <!nobody!>",
  );
  expect(filled("<!constructor!>", {})).toBe("<!constructor!>");
  expect(filled("<!a!>", null)).toBe("<!a!>");
});

test("a placeholder alone is no HTML", () => {
  expect(isHtml("<!device!> is < 3 and > 1")).toBe(false);
  expect(isHtml("a <img src=x onerror=alert(1)>")).toBe(true);
});

test("what a text is written as is guessed", () => {
  expect(guessed("Reload edge-1, then 2 - 1 = 1")).toBe("text");
  expect(guessed("# A change\n\n- reload **edge-1**")).toBe("markdown");
  expect(guessed("See [the ticket](https://tickets.example/1)")).toBe("markdown");
  expect(guessed("<b># no heading</b>")).toBe("html");
});

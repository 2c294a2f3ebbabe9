import { expect, test } from "vitest";
import { filled, isHtml } from "./texts";

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

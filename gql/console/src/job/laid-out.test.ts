import { expect, test, vi } from "vitest";
import { laidOut } from "./laid-out";

const places = new Map([["a", { x: 1, y: 2 }]]);

test("jobs of the same shape are laid out once, those of another one anew", async () => {
  const layOut = vi.fn(() => Promise.resolve(places));
  expect(await laidOut("one", [], [], layOut)).toBe(places);
  expect(await laidOut("one", [], [], layOut)).toBe(places);
  expect(layOut).toHaveBeenCalledTimes(1);
  await laidOut("other", [], [], layOut);
  expect(layOut).toHaveBeenCalledTimes(2);
});

test("only the last ones are kept, and what failed is tried again", async () => {
  const layOut = vi.fn(() => Promise.resolve(places));
  for (let n = 0; n < 21; n += 1) await laidOut(`shape ${n}`, [], [], layOut);
  await laidOut("shape 20", [], [], layOut);
  expect(layOut).toHaveBeenCalledTimes(21);
  await laidOut("shape 0", [], [], layOut);
  expect(layOut).toHaveBeenCalledTimes(22);
  const failing = vi.fn(() => Promise.reject(new Error("no worker")));
  await expect(laidOut("failing", [], [], failing)).rejects.toThrow("no worker");
  await laidOut("failing", [], [], layOut);
  expect(layOut).toHaveBeenCalledTimes(23);
});

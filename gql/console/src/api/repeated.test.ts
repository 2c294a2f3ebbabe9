import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { repeated } from "./repeated";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("it is done at once, and once more after the pause that it says when it was asked for meanwhile", async () => {
  const act = vi.fn(() => Promise.resolve(500));
  const ask = repeated(act);
  for (let n = 0; n < 5; n += 1) ask();
  expect(act).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(400);
  ask();
  expect(act).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(100);
  expect(act).toHaveBeenCalledTimes(2);
  await vi.advanceTimersByTimeAsync(2000);
  expect(act).toHaveBeenCalledTimes(2);
});

test("what was asked for meanwhile is forgotten when it is stopped", async () => {
  const act = vi.fn(() => Promise.resolve(500));
  const ask = repeated(act);
  ask();
  ask();
  ask.stop();
  await vi.advanceTimersByTimeAsync(2000);
  expect(act).toHaveBeenCalledTimes(1);
});

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { calmed } from "./calm";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("the first call is made at once, those that follow together, and none is forgotten", () => {
  const call = vi.fn();
  const calm = calmed(call, 100);
  for (let n = 0; n < 50; n += 1) calm.call();
  expect(call).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(100);
  expect(call).toHaveBeenCalledTimes(2);
  vi.advanceTimersByTime(1000);
  expect(call).toHaveBeenCalledTimes(2);
  calm.call();
  expect(call).toHaveBeenCalledTimes(3);
});

test("after its end nothing is called", () => {
  const call = vi.fn();
  const calm = calmed(call, 100);
  calm.call();
  calm.call();
  calm.stop();
  vi.advanceTimersByTime(1000);
  expect(call).toHaveBeenCalledTimes(1);
});

import { expect, test } from "vitest";
import { MOST, counted } from "./counts";

test("a count says where it ends, what is not known yet and what nobody counted", () => {
  expect(counted(undefined)).toBe("…");
  expect(counted(null)).toBe("?");
  expect(counted(1234)).toBe("1,234");
  expect(counted(MOST - 1)).toBe("99,999");
  expect(counted(MOST)).toBe("100,000+");
});

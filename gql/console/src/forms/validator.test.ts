import { expect, test } from "vitest";
import type { RJSFSchema } from "@rjsf/utils";
import { property, validator } from "./validator";

const SCHEMA: RJSFSchema = {
  type: "object",
  required: ["device"],
  properties: {
    device: { type: "string", minLength: 2 },
    port: { $ref: "#/definitions/port" },
  },
  definitions: { port: { type: "integer", maximum: 65535 } },
};

test("faults stand beside their fields, and only once", () => {
  const { errors, errorSchema } = validator.validateFormData({ device: "x", port: 70000 }, SCHEMA);
  expect(errors.map((one) => one.property)).toEqual([".device", ".port"]);
  expect(errorSchema["device"]?.__errors).toHaveLength(1);
  expect(validator.validateFormData({}, SCHEMA).errors[0]).toMatchObject({ property: ".device", name: "required" });
  expect(validator.validateFormData({ device: "ab", port: 1 }, SCHEMA).errors).toEqual([]);
});

test("a part of a schema finds the definitions of the whole", () => {
  expect(validator.isValid({ $ref: "#/definitions/port" }, 1, SCHEMA)).toBe(true);
  expect(validator.isValid({ $ref: "#/definitions/port" }, "x", SCHEMA)).toBe(false);
});

test("a schema that leads nowhere is left to the server", () => {
  expect(validator.validateFormData({}, { $ref: "#/nowhere" }).errors).toEqual([]);
});

test("places are written as forms have them", () => {
  expect(property("/a/0/b~1c")).toBe(".a.0.b/c");
  expect(property("#/a%20b")).toBe(".a b");
  expect(property("")).toBe("");
});

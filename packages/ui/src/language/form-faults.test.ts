import { message } from "@doppelwerk/messages";
import { faultsOf, type ShapeIssue } from "@doppelwerk/messages/faults";
import { DoppelwerkError } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { loadCatalogues } from "./catalogues.ts";
import { formFaults } from "./form-faults.ts";

/** What the server answers to a body that does not fit its contract. */
function refusalOf(issues: readonly ShapeIssue[], body: unknown): DoppelwerkError {
  return new DoppelwerkError("DW_INVALID", message("messages.faultsOf", { subject: "POST /entries", faults: faultsOf(issues, body) }));
}

const tooLong = (...path: readonly (string | number)[]): ShapeIssue => ({
  code: "too_big",
  path,
  message: "too long",
  origin: "string",
  maximum: 3,
});
const notGiven = (...path: readonly (string | number)[]): ShapeIssue => ({ code: "invalid_type", path, message: "", expected: "string" });

test("[U102] the faults that the server names are shown at their fields, in the reader's language; a path below a field belongs to it", async () => {
  await loadCatalogues("en");
  const refusal = refusalOf([tooLong("note"), notGiven("limits", 0, "high")], { note: "bin 3", limits: [{}] });
  const { errors, rest } = formFaults(refusal, ["note", "limits"]);
  expect(Object.keys(errors)).toEqual(["note", "limits"]);
  expect(errors["note"]).toContain("3");
  expect(errors["note"]).not.toContain("note");
  expect(rest).toBeUndefined();
  await loadCatalogues("zh");
  expect(formFaults(refusal, ["note", "limits"]).errors["note"]).toMatch(/\p{Script=Han}/u);
  await loadCatalogues("en");
});

test("[U102] a fault at a path of another name is shown at the field it is given to; what belongs to no field is reported as a whole", () => {
  const refusal = refusalOf([tooLong("settings", "signals", 0, "unit"), notGiven("url")], { settings: { signals: [{ unit: "long" }] } });
  const { errors, rest } = formFaults(refusal, ["name"], { paths: { "settings.signals": "name" } });
  expect(Object.keys(errors)).toEqual(["name"]);
  expect(rest).toContain("url");
});

test("[U102] a refusal by code is shown at the field that causes it, any other one and a lost connection at none", () => {
  const refusal = new DoppelwerkError("DW_INVALID", message("messages.faultKey"));
  expect(Object.keys(formFaults(refusal, ["time"], { codes: { "messages.faultKey": "time" } }).errors)).toEqual(["time"]);
  expect(formFaults(refusal, ["time"])).toMatchObject({ errors: {}, rest: refusal.message });
  expect(formFaults(new TypeError("fetch failed"), ["time"])).toEqual({ errors: {}, rest: "fetch failed" });
});

import { describe, expect, test } from "vitest";
import { filesIn, hasSharedData } from "../../../aas/src/shared-data.fixture.ts";
import { aasRouteTable } from "./aas-api.ts";
import { Jobs } from "./jobs.ts";

/** Method and path of every operation of an OpenAPI text of IDTA-01002, which is laid out evenly: paths at two blanks, methods at four. */
function operationsIn(text: string): readonly string[] {
  const operations: string[] = [];
  let path = "";
  for (const line of text.slice(text.indexOf("\npaths:")).split(/\r?\n/)) {
    const found = /^ {2}(\/\S*):\s*$/.exec(line);
    if (found !== null) path = found[1]!;
    const method = /^ {4}(get|post|put|patch|delete):\s*$/.exec(line);
    if (method !== null) operations.push(`${method[1]!.toUpperCase()} ${path}`);
  }
  return operations;
}

describe.skipIf(!hasSharedData())("the OpenAPI of IDTA-01002", () => {
  test.each([
    ["Part2-V3.1.2.yaml", 224],
    ["Part2-V3.2-draft.yaml", 230],
  ])(
    "[API30] every operation of %s is served: of the repositories here, of one shell and one submodel below their own base URL",
    (name, count) => {
      const file = filesIn("schemas").find((each) => each.name === name)!;
      const operations = operationsIn(new TextDecoder().decode(file.bytes));
      expect(operations.length).toBeGreaterThanOrEqual(count);
      const table = aasRouteTable(new Jobs(), { sign: async () => "" });
      const served = (operation: string) => {
        const [method, path] = operation.split(" ") as [string, string];
        const home = /^\/aas(\/|$)/.test(path) ? "/shells/x" : /^\/submodel(\/|$)/.test(path) ? "/submodels/x" : "";
        const found = table.find(`${home}${path.replace(/\{\w+\}/g, "x")}`.split("/").slice(1));
        return found?.handlers.has(method as "GET") === true;
      };
      expect(operations.filter((operation) => !served(operation))).toEqual([]);
    },
  );
});

import { readFileSync } from "node:fs";
import { describe, expect } from "vitest";
import { testOnSharedData } from "../../../../scripts/shared-data.ts";
import { aasRouteTable } from "./aas-routes.ts";
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

describe("the OpenAPI of IDTA-01002", () => {
  for (const [name, count] of [
    ["Part2-V3.1.2.yaml", 224],
    ["Part2-V3.2-draft.yaml", 230],
  ] as const)
    testOnSharedData(
      `[API30] every operation of ${name} is served: of the repositories here, of one shell and one submodel below their own base URL`,
      `aas/schemas/${name}`,
      (path) => {
        const operations = operationsIn(readFileSync(path, "utf8"));
        expect(operations.length).toBeGreaterThanOrEqual(count);
        const table = aasRouteTable(new Jobs(), () => ({ sign: async () => "" }));
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

/** A whole manifest, as a pack for a brewery may have it; parsed again for each test, which may change it. */
// oxlint-disable-next-line no-explicit-any -- a test spoils it anywhere
export function breweryPackage(): Record<string, any> {
  return JSON.parse(
    JSON.stringify({
      name: "@brewco/doppelwerk-brewery",
      version: "0.1.0",
      description: "Tanks and batches of a brewery",
      type: "module",
      scripts: { test: "node --test" },
      doppelwerk: {
        api: "^1",
        permissions: ["read", "publish"],
        contributes: {
          features: [
            {
              id: "brewery",
              server: "./server/open.js",
              words: "./words",
              endpoints: [
                {
                  id: "brewery.batches",
                  route: "GET /packs/brewery/batches",
                  summary: "Batches in tanks",
                  action: "read",
                  query: { type: "object", properties: { limit: { type: "integer", minimum: 1, default: 10 }, open: { type: "boolean" } } },
                  answer: { type: "array", items: { type: "object", properties: { tank: { type: "string" } }, required: ["tank"] } },
                },
              ],
              topics: [{ id: "brewery.changed", summary: "A batch changed", action: "read", payload: { type: "object" } }],
              kinds: [{ id: "brewery.recipe", schema: { type: "object", properties: { plato: { type: "number" } }, required: ["plato"] } }],
              events: [{ type: "brewery.tapped", keys: ["batch"] }],
            },
          ],
          templates: ["./templates/tank.json"],
        },
      },
    }),
  );
}

export const BREWERY_FILES: readonly string[] = ["package.json", "server/open.js", "words/en.json", "words/zh.json", "templates/tank.json"];

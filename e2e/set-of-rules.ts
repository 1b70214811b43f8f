import type { Answer, Asked } from "./reached-server.ts";

const SETS = "/api/doppelwerk/v1/access/sets";

/** Puts a text as the one set of access rules, which is made with the first. */
export function setOfRules(
  name: string,
  ask: (method: string, path: string, asked: Asked) => Promise<Answer>,
): (text: string) => Promise<void> {
  let id: string | undefined;
  return async (text) => {
    const body = { name, text, enabled: true };
    const answer = await (id === undefined ? ask("POST", SETS, { body }) : ask("PUT", `${SETS}/${encodeURIComponent(id)}`, { body }));
    if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
    id = answer.body["id"] as string;
  };
}

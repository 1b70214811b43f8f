import { endpoint, z } from "@doppelwerk/kit";
import { fastify } from "fastify";
import { expect, test } from "vitest";
import { mountEndpoint } from "../features/mount-contract.ts";
import { groupOfFive } from "./group-of-five.ts";

const row = z.object({ crew: z.string(), person: z.string().optional(), people: z.int().optional(), units: z.int() });
const crews = endpoint({
  id: "test.crews",
  route: "GET /crews",
  summary: "Units by crew",
  action: "read",
  people: { as: "figures", list: "crews", person: "person", count: "people" },
  answer: z.object({ crews: z.array(row), withheld: z.int() }),
});
const rows = [
  { crew: "early", people: 5, units: 500 },
  { crew: "late", people: 4, units: 390 },
  { crew: "night", units: 90 },
  { crew: "own", person: "person:mara", people: 1, units: 80 },
  { crew: "other", person: "person:otto", people: 1, units: 70 },
];

test("[SV274] figures of people are answered of five people or more, and of oneself, by the declaration of the operation alone; what is left out is counted", async () => {
  const app = fastify();
  const asker = { id: "person:mara", name: "Mara", verified: true, roles: ["administrator"] };
  mountEndpoint(app, crews, {
    person: () => asker,
    view: () => ({ documents: { may: () => ({ allowed: true }) } }) as never,
    handler: () => async () => ({ crews: rows, withheld: 0 }) as never,
    branchOf: () => "live",
    presence: () => {},
    checkAnswers: true,
  });
  const answer = await app.inject("/crews");
  expect(answer.json()).toEqual({ crews: [rows[0], rows[3]], withheld: 3 });
  await app.close();
});

test("[SV274] a count that is none covers nobody else", () => {
  const figures = { as: "figures", list: "rows", person: "person", count: "people" } as const;
  expect(groupOfFive({ rows: [{ people: "9" }, { people: Number.NaN }, { people: 6 }] }, figures, "person:a")).toEqual({
    rows: [{ people: 6 }],
    withheld: 2,
  });
});

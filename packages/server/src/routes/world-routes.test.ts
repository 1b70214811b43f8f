import { lineFlow } from "@doppelwerk/ports";
import Fastify from "fastify";
import { expect, test } from "vitest";
import type { HostedWorld } from "./hosted-world.ts";
import { registerWorld } from "./world-routes.ts";

test("[SV177] the revision of a world is that at which it began to be read: nothing that was read beside it is older", async () => {
  let revision = 7;
  const site = {
    name: "default",
    title: () => "default",
    version: "1.2.3",
    now: () => 1,
    person: () => ({ id: "person:1", name: "Ada", verified: true, roles: ["viewer"] }),
    view: () => ({ revision: () => revision, reader: () => ({ query: () => [], get: () => undefined }) }),
    features: {
      find: (port: unknown) =>
        port === lineFlow
          ? {
              async about() {
                // somebody writes while the line is read
                await Promise.resolve();
                revision = 8;
                return undefined;
              },
              lines: async () => ({ lines: [] }),
            }
          : undefined,
    },
    history: {},
    storeRefusal: () => undefined,
    intakeCounts: { unwritten: 0 },
    backfill: () => ({ progress: 1, samples: 0, done: true }),
  } as unknown as HostedWorld;
  const app = Fastify();
  registerWorld(app as never, () => site);
  expect((await app.inject({ url: "/world" })).json()).toMatchObject({ revision: 7 });
  await app.close();
});

import type { Told } from "@doppelwerk/world";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Site } from "../compose/site.ts";
import { toldAs } from "../connections/told-sentence.ts";
import { parse } from "../http/query.ts";
import type { Command } from "./command.ts";

const value = z.union([z.number(), z.boolean(), z.string().max(1_000)]);
export const commandBody = z.strictObject({ signal: z.string().min(1).max(200), value, reason: z.string().trim().min(1).max(500) });
const input = z.union([value, z.array(value).max(10_000)]);
/** A method of a plant, or what is done to one of its conditions: judged as a command, and confirmed by its inputs as a JSON text. */
export const callBody = z.strictObject({
  connection: z.string().min(1).max(200),
  object: z.string().min(1).max(1_000),
  method: z.string().min(1).max(1_000),
  name: z.string().trim().min(1).max(300),
  inputs: z.array(input).max(50).default([]),
  reason: z.string().trim().min(1).max(500),
});
/** The value again: what is confirmed is what was read. */
export const confirmBody = z.strictObject({ value: z.union([value, z.string().max(1_000_000)]) });
export const commandsQuery = z.object({ limit: z.coerce.number().int().min(1).max(1_000).default(100) });

export const targetsQuery = z.object({
  search: z.string().max(200).default(""),
  limit: z.coerce.number().int().min(1).max(1_000).default(200),
});

interface CommandParams {
  Params: { id: string };
}

/** Values to machines: asked for, confirmed, written, read back. */
export function registerCommands(app: FastifyInstance, site: Site): void {
  app.get("/commands", async (request) => {
    const { limit } = parse(commandsQuery, request.query, "a list of commands");
    return site.commands.list(limit).map((command) => ({
      ...told(command),
      requestedByName: site.nameOf(command.requestedBy),
      ...(command.confirmedBy === undefined ? {} : { confirmedByName: site.nameOf(command.confirmedBy) }),
    }));
  });
  app.get("/commands/targets", async (request) => {
    const { search, limit } = parse(targetsQuery, request.query, "what can be commanded");
    return site.commands.targets(site.viewOf(request), search, limit);
  });
  app.post("/commands", async (request, reply) =>
    reply.status(201).send(site.commands.request(site.viewOf(request), parse(commandBody, request.body, "a command"))),
  );
  app.post("/calls", async (request, reply) =>
    reply.status(201).send(site.commands.requestCall(site.viewOf(request), parse(callBody, request.body, "a call"))),
  );
  app.post<CommandParams>("/commands/:id/confirm", async (request) =>
    told(await site.commands.confirm(site.viewOf(request), request.params.id, parse(confirmBody, request.body, "a confirmation").value)),
  );
  app.delete<CommandParams>("/commands/:id", async (request) => told(site.commands.withdraw(site.viewOf(request), request.params.id)));
}

/** A command that says why for a screen that speaks another language too. */
function told(command: Command): Command & { readonly whyTold?: Told } {
  return command.why === undefined ? command : { ...command, ...toldAs("whyTold", command.why) };
}

import { endpoint, z } from "@doppelwerk/kit";

const Role = z.enum(["viewer", "operator", "engineer", "administrator"]);
const Mode = z.enum(["None", "Sign", "SignAndEncrypt"]);
const administer = { action: "administer" } as const;

export const OpcuaServer = z.object({
  url: z.string().optional(),
  modes: z.array(Mode).readonly().optional(),
  /** Whether one who does not log in may read what a viewer may. */
  anonymous: z.boolean().optional(),
  readers: z.array(z.object({ name: z.string(), role: Role })).readonly(),
});
export type OpcuaServer = z.output<typeof OpcuaServer>;

/** Who may read the twin over OPC UA. Applications are decided on in the list of certificates. */
export const server = endpoint({
  id: "publish.opcuaServer",
  route: "GET /opcua-server",
  summary: "How the twin is shown as an OPC UA server, and who may read it there",
  answer: OpcuaServer,
  ...administer,
});

export const putReader = endpoint({
  id: "publish.putOpcuaReader",
  route: "PUT /opcua-server/readers/:name",
  summary: "Let someone read the twin over OPC UA, with the rights of a role",
  body: z.strictObject({ password: z.string().max(200), role: Role }),
  answer: undefined,
  ...administer,
});

export const removeReader = endpoint({
  id: "publish.removeOpcuaReader",
  route: "DELETE /opcua-server/readers/:name",
  summary: "Revoke the right of a reader to read the twin over OPC UA",
  answer: undefined,
  errors: ["DW_NOT_FOUND"],
  ...administer,
});

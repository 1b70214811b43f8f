import { endpoint, z } from "@doppelwerk/kit";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError, type Principal } from "@doppelwerk/world";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { withAccounts } from "../accounts/account-routes.ts";
import { ADMINISTRATION_PRESENCE_S } from "../accounts/presence.ts";
import { SECRETS, withoutSecrets, type ProviderConfig } from "./provider-config.ts";
import type { KnownOutside } from "./sign-in-routes.ts";

/** The members of a configuration are those of the guide `company-login.md`. */
const configShape = z.looseObject({ id: z.string(), kind: z.enum(["openid", "ldap"]), name: z.string() });
const providerShape = z.object({
  config: configShape,
  /** Whether a secret is set, which nobody reads. */
  hasSecret: z.boolean(),
  /** Accounts of its people. */
  people: z.int(),
  /** What is entered at the provider as redirect address (OpenID Connect). */
  redirectUri: z.string().optional(),
});
const testShape = z.object({ answers: z.boolean(), /** Why it does not. */ reason: z.unknown().optional() });

export const listProviders = endpoint({
  id: "kernel.providers",
  route: "GET /providers",
  summary: "Providers of the company through which people log in, without their secrets",
  action: "administer",
  answer: z.object({ providers: z.array(providerShape).readonly() }),
  errors: ["DW_NOT_FOUND"],
});

export const putProvider = endpoint({
  id: "kernel.putProvider",
  route: "PUT /providers/:provider",
  summary: "Add a provider or change one; a secret that is left out stays while the address is the same",
  action: "administer",
  presence: ADMINISTRATION_PRESENCE_S,
  body: configShape.omit({ id: true }),
  answer: providerShape,
  errors: ["DW_INVALID", "DW_CONFLICT", "DW_NOT_FOUND"],
});

export const removeProvider = endpoint({
  id: "kernel.removeProvider",
  route: "DELETE /providers/:provider",
  summary: "Remove a provider; sessions of its people end, their accounts stay until they are removed or unbound",
  action: "administer",
  presence: ADMINISTRATION_PRESENCE_S,
  answer: undefined,
  errors: ["DW_NOT_FOUND"],
});

export const testProvider = endpoint({
  id: "kernel.testProvider",
  route: "POST /providers/:provider/test",
  summary: "Ask a provider now, and tell why it does not answer",
  action: "administer",
  answer: testShape,
  errors: ["DW_NOT_FOUND"],
});

export const unbindAccount = endpoint({
  id: "kernel.unbindAccount",
  route: "DELETE /accounts/:account/binding",
  summary: "Make an account one of this server alone: its sessions end, and it is entered by a new invitation",
  action: "administer",
  presence: ADMINISTRATION_PRESENCE_S,
  answer: undefined,
  errors: ["DW_NOT_FOUND", "DW_CONFLICT"],
});

export const providersContract = [listProviders, putProvider, removeProvider, testProvider, unbindAccount] as const;

interface Named {
  readonly provider: string;
  readonly account: string;
}

export function registerProviders(
  app: FastifyInstance,
  identities: KnownOutside | undefined,
  mayAdminister: (principal: Principal) => boolean,
): void {
  const administered = (request: FastifyRequest): KnownOutside => {
    if (!mayAdminister(withAccounts(identities).people.of(request)))
      throw new DoppelwerkError("DW_FORBIDDEN", message("server.accountsAdministeredOnly"));
    return identities!;
  };
  app.get("/providers", async (request) => {
    const known = administered(request);
    return { providers: known.directories.store.list().map((config) => shown(known, config, request)) };
  });
  app.put<{ Params: Named }>("/providers/:provider", async (request) => {
    const known = administered(request);
    const config = known.directories.store.put({ ...Object(request.body ?? {}), id: request.params.provider });
    return shown(known, config, request);
  });
  app.delete<{ Params: Named }>("/providers/:provider", async (request, reply) => {
    const known = administered(request);
    const { provider } = request.params;
    known.directories.store.remove(provider);
    const own = peopleOf(known, provider);
    // the one who asks is answered first
    reply.raw.once("close", () => own.forEach(({ id }) => known.sessions.endAll(id, { why: "changed" })));
    return reply.status(204).send();
  });
  app.post<{ Params: Named }>("/providers/:provider/test", async (request) => {
    const running = administered(request).directories.running(request.params.provider);
    try {
      await running.probe();
      return { answers: true };
    } catch (error) {
      if (error instanceof DoppelwerkError && error.code === "DW_UNAVAILABLE") return { answers: false, reason: error.reason };
      throw error;
    }
  });
  app.delete<{ Params: Named }>("/accounts/:account/binding", async (request, reply) => {
    administered(request).directories.bindings.unbind(request.params.account);
    return reply.status(204).send();
  });
}

function shown(known: KnownOutside, config: ProviderConfig, request: FastifyRequest): z.infer<typeof providerShape> {
  const { scheme } = known.directories;
  return {
    config: withoutSecrets(config) as z.infer<typeof configShape>,
    hasSecret: SECRETS.some((secret) => (config as Record<string, unknown>)[secret] !== undefined),
    people: peopleOf(known, config.id).length,
    ...(config.kind === "openid" && { redirectUri: `${scheme}://${request.host}/sign-in/${config.id}` }),
  };
}

function peopleOf({ accounts }: KnownOutside, provider: string) {
  return accounts.list().filter(({ binding }) => binding?.provider === provider);
}

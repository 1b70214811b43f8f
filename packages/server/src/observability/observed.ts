import type { FastifyInstance, FastifyRequest } from "fastify";
import type { ReachedBy, WatchedCertificate } from "../http/app.ts";
import type { HostedWorlds } from "../routes/hosted-worlds.ts";
import type { Attention } from "./attention.ts";
import { AttentionLog } from "./attention-log.ts";
import { dependedCertificates, type DependedOf } from "./depended-certificates.ts";
import { countSignIns } from "./register-server-state.ts";
import { stateOf, totalsOf, type WatchedServer } from "./server-state.ts";
import type { ServerState } from "./server-state-contract.ts";
import { ServerWatch } from "./server-watch.ts";
import { SignInCounts } from "./sign-in-counts.ts";
import { StorageSizes } from "./storage-sizes.ts";

/** What is watched of a server while it runs. */
export interface Observed {
  readonly server: WatchedServer;
  /** In the text format of Prometheus. */
  metrics(): Promise<string>;
}

export interface ObservedOf {
  readonly identities: (NonNullable<DependedOf["identities"]> & { readonly sessions: { readonly count: number } }) | undefined;
  readonly reached: ReachedBy | undefined;
  readonly metrics: () => Promise<string>;
  /** Whether a request is of what anybody may ask to sign in. */
  isDoor(request: FastifyRequest): boolean;
}

/** Watches a server until its app closes. */
export function observed(app: FastifyInstance, worlds: HostedWorlds, { identities, reached, metrics, isDoor }: ObservedOf): Observed {
  const watch = new ServerWatch(() => totalsOf(worlds));
  watch.follow(app);
  const counts = new SignInCounts(Date.now);
  if (identities !== undefined) countSignIns(app, counts, isDoor);
  const server = {
    worlds,
    watch,
    log: worlds.log,
    storage: worlds.data === undefined ? undefined : new StorageSizes(worlds.data, Date.now),
    signIns: identities && { counts, open: () => identities.sessions.count },
    certificates: () => dependedCertificates({ worlds, identities, watched: () => certificatesOf(reached) }),
  };
  logAttention(app, server);
  return { server, metrics };
}

/** What needs attention is in the log of the server too, and with it at whoever that is sent to. */
function logAttention(app: FastifyInstance, server: WatchedServer): void {
  const { transparency, logger } = server.worlds.home;
  if (transparency === undefined) return;
  // sizes of files need nobody's attention
  const look = async (): Promise<ServerState["attention"]> => (await stateOf({ ...server, storage: undefined })).attention;
  const log = new AttentionLog(transparency, look as () => Promise<readonly Attention[]>, (error) =>
    logger.warn({ err: error }, "what needs attention could not be logged; it is tried again"),
  );
  app.addHook("onClose", async () => log.close());
}

function certificatesOf(reached: ReachedBy | undefined): readonly WatchedCertificate[] {
  const certificate = reached?.tls?.cert;
  return reached?.watched?.() ?? (certificate === undefined ? [] : [{ name: "HTTPS", pem: String(certificate) }]);
}

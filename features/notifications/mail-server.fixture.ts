// A mail server over real sockets, for tests: it can be stopped and started again on its port, greylist, refuse and ask for a login.
import type { AddressInfo, Server } from "node:net";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";

export interface Mail {
  readonly to: readonly string[];
  readonly from: string;
  readonly text: string;
  readonly messageId: string;
  readonly subject: string;
  readonly isEncrypted: boolean;
}

export interface MailServer {
  readonly port: number;
  readonly mails: Mail[];
  /** Of connections that began. */
  connections: number;
  stop(): Promise<void>;
}

export interface MailServerOptions extends Pick<SMTPServerOptions, "key" | "cert"> {
  readonly port?: number;
  readonly login?: { readonly user: string; readonly pass: string };
  /** Called with each recipient; an answer other than undefined refuses it. */
  refuse?(address: string): { readonly code: number; readonly text: string } | undefined;
  /** It takes a message and ends before it says so. */
  dropAfterData?(): boolean;
}

export async function startMailServer({ port = 0, login, refuse, dropAfterData, key, cert }: MailServerOptions = {}): Promise<MailServer> {
  const mails: Mail[] = [];
  const state = { connections: 0 };
  const server = new SMTPServer({
    ...(key !== undefined && { key, cert: cert! }),
    authOptional: login === undefined,
    disabledCommands: [...(login === undefined ? ["AUTH"] : []), ...(key === undefined ? ["STARTTLS"] : [])],
    allowInsecureAuth: key === undefined,
    logger: false,
    onConnect(_, done) {
      state.connections += 1;
      done();
    },
    onAuth({ username, password }, _, done) {
      if (username === login?.user && password === login?.pass) return done(null, { user: username });
      done(Object.assign(new Error("wrong user name or password"), { responseCode: 535 }));
    },
    onRcptTo({ address }, _, done) {
      const refusal = refuse?.(address);
      done(refusal === undefined ? null : Object.assign(new Error(refusal.text), { responseCode: refusal.code }));
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        const head = text.slice(0, text.indexOf("\r\n\r\n")).replaceAll(/\r\n[ \t]+/g, " ");
        const header = (name: string): string => new RegExp(`^${name}: (.*)$`, "im").exec(head)?.[1] ?? "";
        mails.push({
          to: session.envelope.rcptTo.map(({ address }) => address),
          from: session.envelope.mailFrom === false ? "" : session.envelope.mailFrom.address,
          text,
          messageId: header("Message-ID"),
          subject: header("Subject"),
          isEncrypted: session.secure,
        });
        if (dropAfterData?.() === true)
          for (const connection of (server as unknown as { connections: Set<{ close(): void }> }).connections) connection.close();
        else done();
      });
    },
  });
  server.on("error", () => {
    // a client that went away
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const listening = (server as unknown as { server: Server }).server;
  return {
    port: (listening.address() as AddressInfo).port,
    mails,
    get connections() {
      return state.connections;
    },
    stop: () => new Promise<void>((resolve) => server.close(resolve)),
  };
}

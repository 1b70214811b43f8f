import { API_BASE } from "@doppelwerk/client";
import { reach, type RemoteOptions } from "@doppelwerk/kit/command";
import { message, verbatim } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";

export interface AdministratorOptions {
  readonly server: string;
  /** Of an administrator, on a server with accounts. */
  readonly login?: string;
  readonly code?: string;
}

export interface AskedServer {
  /** Errors: what the server refuses. */
  asked(method: string, path: string, body?: object): Promise<Response>;
  /** Of a login; an id is itself. */
  idOf(who: string): Promise<string>;
  /** Ends the session. */
  leave(): Promise<void>;
}

/** A running server, logged in as the administrator of `--login`, whose password is in the environment or comes by stdin. */
export async function connected(options: AdministratorOptions): Promise<AskedServer> {
  const { login, code } = options;
  let cookie: string | undefined;
  const asked: AskedServer["asked"] = async (method, path, body) => {
    const headers = {
      ...(body !== undefined && { "content-type": "application/json" }),
      origin: new URL(options.server).origin,
      ...(cookie !== undefined && { cookie }),
    };
    const answer = await reach(options as RemoteOptions, `${options.server.replace(/\/$/, "")}${API_BASE}${path}`, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw await refusalOf(answer);
    return answer;
  };
  if (login !== undefined) {
    const answer = await asked("POST", "/session", { login, password: await passwordOf(login), ...(code !== undefined && { code }) });
    cookie = answer.headers
      .getSetCookie()
      .map((each) => each.split(";", 1)[0]!)
      .join("; ");
  }
  return {
    asked,
    async idOf(who) {
      if (who.startsWith("person:")) return who;
      const { accounts } = (await (await asked("GET", "/accounts")).json()) as {
        readonly accounts: readonly { readonly id: string; readonly login: string }[];
      };
      const found = accounts.find((account) => account.login === who);
      if (found === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("server.noAccountOfLogin", { login: who }));
      return found.id;
    },
    async leave() {
      if (cookie !== undefined) await asked("DELETE", "/session");
    },
  };
}

/** Never an argument: those are seen by everybody on the machine. */
async function passwordOf(login: string): Promise<string> {
  const given = process.env["DOPPELWERK_PASSWORD"];
  if (given !== undefined && given !== "") return given;
  if (process.stdin.isTTY) process.stderr.write(`password of ${login}: `);
  let text = "";
  for await (const piece of process.stdin) {
    text += String(piece);
    if (text.includes("\n")) break;
  }
  return text.split(/\r?\n/, 1)[0]!;
}

async function refusalOf(answer: Response): Promise<DoppelwerkError> {
  const body = (await answer.json().catch(() => ({}))) as { readonly error?: { readonly code?: string; readonly message?: string } };
  const code = (body.error?.code ?? "DW_UNAVAILABLE") as "DW_UNAVAILABLE";
  return new DoppelwerkError(code, verbatim(body.error?.message ?? `HTTP ${answer.status}`));
}

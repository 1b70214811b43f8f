import type { SessionInfo } from "@doppelwerk/client";
import type { Load } from "./load.ts";
import { useLoad, type Loaded } from "./use-load.ts";

/**
 * Whom a card of the settings is for. `everybody` is the default. `people`: who is logged in. `administrators`: who administers this server, that is
 * everybody where nobody logs in. `accountAdministrators`: the administrators of a server with accounts.
 */
export type Audience = "everybody" | "people" | "administrators" | "accountAdministrators";

const SESSION: Load<SessionInfo> = { key: ["session"], run: ({ client }, signal) => client.session({ signal }) };

/** Who is logged in, and whether people log in at all; views share one request. */
export function useSession(): Loaded<SessionInfo> & { readonly reload: () => void } {
  return useLoad(SESSION);
}

/**
 * Whether this person may administer the server, so that nothing is asked for that would be refused: where people log in, an administrator; without
 * accounts everybody. Undefined until that is known.
 */
export function useMayAdminister(): boolean | undefined {
  return useMaySee()?.("administrators");
}

/** Whether something is for this person. Undefined until it is known who that is; `asks` false asks nobody, and leaves it so. */
export function useMaySee(asks = true): ((audience: Audience | undefined) => boolean) | undefined {
  const session = useLoad(asks ? SESSION : undefined);
  // where it cannot be read, the server decides on what is asked next
  if (session.value === undefined) return session.kind === "failed" ? isOfNobody : undefined;
  const { accounts, person } = session.value;
  const isAdministrator = person?.roles.includes("administrator") === true;
  return (audience = "everybody") => {
    switch (audience) {
      case "everybody":
        return true;
      case "people":
        return person !== undefined;
      case "administrators":
        return !accounts || isAdministrator;
      case "accountAdministrators":
        return isAdministrator;
    }
  };
}

const isOfNobody = (audience: Audience | undefined): boolean => audience !== "people" && audience !== "accountAdministrators";

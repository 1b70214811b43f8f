import type { LoggedIn, SessionProvider } from "@doppelwerk/client";
import { useLoad, useSession, type Load } from "@doppelwerk/ui";

const PROVIDER: Load<SessionProvider> = { key: ["sessionProvider"], run: ({ client }, signal) => client.sessionProvider({ signal }) };

/** Who is logged in, and where what he shows is judged. */
export interface OwnAccount {
  readonly person: LoggedIn;
  /** Undefined until it is known. */
  readonly own: SessionProvider | undefined;
  /** What a provider of the company asks for is judged there, and not kept here. */
  readonly isOfServer: boolean;
  /** Something of it was changed. */
  readonly onChanged: () => void;
}

/** The cards of the account share what they read. Undefined where nobody is logged in. */
export function useOwnAccount(): OwnAccount | undefined {
  const session = useSession();
  const person = session.value?.person;
  const provider = useLoad(person === undefined ? undefined : PROVIDER);
  if (person === undefined) return undefined;
  const own = provider.value;
  const onChanged = (): void => {
    session.reload();
    provider.reload();
  };
  return { person, own, isOfServer: own?.provider === undefined, onChanged };
}

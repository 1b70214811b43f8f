import type { Client, LoggedIn } from "@doppelwerk/client";
import type { Preferences } from "@doppelwerk/ui";

/** Told to the account when it changes here, so that another browser of the person begins with it. On a server without accounts nothing is told. */
export async function keepLanguage(client: Pick<Client, "session" | "keepLanguage">, language: Preferences["language"]): Promise<void> {
  try {
    const { person } = await client.session();
    if (person !== undefined && person.language !== language) await client.keepLanguage(language);
  } catch {
    // this browser has it; the account learns it with the next change
  }
}

/** What a browser remembers of who is logged in: the name of the account, and its language where nothing was chosen in this browser yet. */
export function withPerson(held: Preferences, { name, language }: Pick<LoggedIn, "name" | "language">): Preferences {
  return { ...held, name, ...(held.name === "" && language !== undefined && { language }) };
}

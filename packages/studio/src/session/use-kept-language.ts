import { useEffect, useRef } from "react";
import type { Preferences, Studio } from "@doppelwerk/ui";
import { keepLanguage } from "./known-person.ts";

/** A language that is chosen while the page stands is told to the account. */
export function useKeptLanguage({ client }: Pick<Studio, "client">, language: Preferences["language"]): void {
  const known = useRef(language);
  useEffect(() => {
    if (known.current === language) return;
    known.current = language;
    void keepLanguage(client, language);
  }, [language, client]);
}

import type { ReactNode } from "react";
import type { OwnSignIns } from "@doppelwerk/client";
import { momentText, useWords } from "@doppelwerk/ui";
import "./sign-in.css";

/** What changed of how somebody signs in: what, when, and from where. */
export function SignInChanges({ events }: Pick<OwnSignIns, "events">): ReactNode {
  const { t, zone, language } = useWords();
  return (
    <ul className="dw-sign-in-changes">
      {events.map(({ change, at, device, address, read }) => (
        <li key={`${at} ${change}`} className={read ? "" : "is-new"}>
          {t(`settings.signIn.${change}`)}{" "}
          <small>{t("settings.signIn.from", { time: momentText(at, zone, language, false), device, address })}</small>
        </li>
      ))}
    </ul>
  );
}

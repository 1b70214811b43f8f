import type { ReactNode } from "react";
import { ScrollRegion, useLoad, useStudio, useWords } from "@doppelwerk/ui";
import "./login.css";

/** What an administrator wrote for everybody who is about to log in, as plain text; nothing where nobody did. */
export function UseNotice(): ReactNode {
  const { client } = useStudio();
  const { t, language } = useWords();
  const notice = useLoad((signal) => client.useNotice({ signal }), []).value;
  if (notice === undefined) return null;
  // one that was written in the other language alone holds, too
  const text = [notice[language], notice.en, notice.zh].find((each) => each !== "") ?? "";
  return (
    <section className="dw-use-notice" aria-label={t("login.notice")}>
      <h2>{t("login.notice")}</h2>
      <ScrollRegion label={t("login.notice")}>
        <p>{text}</p>
      </ScrollRegion>
    </section>
  );
}

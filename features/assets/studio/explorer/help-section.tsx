import type { ReactNode } from "react";
import { useWords } from "@doppelwerk/kit/studio";

export default function ExplorerHelp(): ReactNode {
  const { t } = useWords();
  return (
    <section>
      <h3>{t("assets.explorer.helpTitle")}</h3>
      <p className="dw-quiet">{t("assets.explorer.help")}</p>
    </section>
  );
}

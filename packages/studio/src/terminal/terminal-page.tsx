import { Button } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { Failure, useStudio, useTask, useWords } from "@doppelwerk/ui";
import { LoginCard } from "../login/login-card.tsx";
import { markTerminal } from "./terminal-mark.ts";

/** Where the link of a terminal leads: this browser becomes it. The token is behind the `#`, which no server and no log sees. */
export default function TerminalPage(): ReactNode {
  const { client, preferences } = useStudio();
  const { t } = useWords();
  const [token] = useState(() => location.hash.slice(1));
  const task = useTask();
  const declare = (): void =>
    task.run(async () => {
      const { name } = await client.declareTerminal(token);
      markTerminal(name);
      preferences.update((held) => ({ ...held, name }));
      // the link is gone from the history of the browser too
      location.replace("/board");
    });
  return (
    <LoginCard title={t("terminal.declareTitle")}>
      <p className="dw-quiet">{t("terminal.declareText")}</p>
      {task.failure !== undefined && <Failure message={task.failure} code={task.code} />}
      <Button size="lg" loading={task.busy} onClick={declare}>
        {t("terminal.declare")}
      </Button>
    </LoginCard>
  );
}

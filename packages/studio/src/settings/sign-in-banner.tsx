import { Button } from "@mantine/core";
import { IconShieldExclamation } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import { useLoad, useStudio, useTask, useWords } from "@doppelwerk/ui";
import { forgetNews, hasNews } from "../login/sign-in-news.ts";
import { SignInChanges } from "./sign-in-changes.tsx";
import "./sign-in.css";

/** After the log-in: what changed of how one signs in since one was told last. */
export default function SignInBanner(): ReactNode {
  const [isOpen, setOpen] = useState(hasNews);
  return isOpen ? <News onRead={() => setOpen(false)} /> : null;
}

function News({ onRead }: { readonly onRead: () => void }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const task = useTask((_, error) => studio.notifyFailure(error));
  const events = useLoad((signal) => studio.client.signIns({ signal }), []).value?.events.filter(({ read }) => !read) ?? [];
  if (events.length === 0) return null;
  const mark = (): void =>
    task.run(async () => {
      await studio.client.markSignInsRead();
      forgetNews();
      onRead();
    });
  return (
    <div className="dw-banner dw-sign-in-news" role="status">
      <IconShieldExclamation size={18} aria-hidden />
      <div>
        <b>{t("settings.signIn.news")}</b>
        <SignInChanges events={events} />
      </div>
      <Button size="compact-sm" variant="default" onClick={() => studio.address.go({ view: "settings", detail: "you", card: "signIns" })}>
        {t("settings.signIn.notMe")}
      </Button>
      <Button size="compact-sm" variant="default" loading={task.busy} onClick={mark}>
        {t("settings.signIn.me")}
      </Button>
    </div>
  );
}

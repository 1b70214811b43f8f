import { Textarea } from "@mantine/core";
import type { ReactNode } from "react";
import type { UseNotice } from "@doppelwerk/client";
import { Form, LoadedCard, useLoad, useSentForm, useStudio, useWords } from "@doppelwerk/ui";

const NOTHING: UseNotice = { en: "", zh: "" };
const LANGUAGES = ["en", "zh"] as const;

/** What everybody reads before he logs in; written by administrators. */
export default function NoticeCard(): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  // a notice that is not there is no missing answer
  const loaded = useLoad(async (signal) => ({ notice: await client.useNotice({ signal }) }), []);
  return (
    <LoadedCard
      title={t("settings.notice")}
      note={({ notice }) => t(notice === undefined ? "settings.notice.off" : "settings.notice.on")}
      loaded={loaded}
    >
      {({ notice = NOTHING }) => <Texts key={JSON.stringify(notice)} notice={notice} onChanged={loaded.reload} />}
    </LoadedCard>
  );
}

function Texts({ notice, onChanged }: { readonly notice: UseNotice; readonly onChanged: () => void }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const form = useSentForm(notice, async (texts) => {
    await studio.client.setUseNotice(texts);
    studio.notify("good", t("settings.notice.saved"));
    onChanged();
  });
  return (
    <>
      <p className="dw-fine">{t("settings.notice.text")}</p>
      <Form form={form} layout="grid" submit={t("settings.accessSave")} isWhole={form.isChanged}>
        {LANGUAGES.map((language) => (
          <Textarea key={language} label={t(`settings.notice.${language}`)} rows={6} maxLength={4_000} {...form.field(language)} />
        ))}
      </Form>
    </>
  );
}

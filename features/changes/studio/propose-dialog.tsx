import { Button, Modal, TextInput, Textarea } from "@mantine/core";
import { useEffect, useState } from "react";
import type { ReactNode } from "react";
import { errorText, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";

interface DialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Sends a branch as a merge request: planned values get an owner, a date and an action (P17). */
export default function ProposeDialog({ opened, onClose }: DialogProps): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { branch: id } = useStore(studio.address.store);
  const branch = useStore(studio.branches).find((candidate) => candidate.id === id);
  const suggested = {
    title: branch?.name ?? "",
    text: "",
    owner: studio.preferences.get().name,
    effectiveFrom: new Date(Date.now() + 14 * 86_400_000).toISOString().slice(0, 10),
    action: "",
  };
  // what a person typed stays, whatever is learned of the branch meanwhile
  const [typed, setTyped] = useState<Partial<typeof suggested>>({});
  const form = { ...suggested, ...typed };
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    if (!opened) setTyped({});
  }, [opened]);
  const field = (key: keyof typeof form) => ({
    value: form[key],
    onChange: (event: { currentTarget: { value: string } }) => setTyped({ ...typed, [key]: event.currentTarget.value }),
  });
  const propose = async (): Promise<void> => {
    setBusy(true);
    try {
      const runs = (await studio.client.runs(id)).filter((run) => run.state === "done").map((run) => run.id);
      const request = await studio.client.propose({
        branch: id,
        title: form.title,
        text: form.text,
        runs,
        planned: { owner: form.owner, effectiveFrom: form.effectiveFrom, action: form.action },
      });
      studio.commits.update((count) => count + 1);
      studio.address.go({ view: "changes", detail: request.id });
      onClose();
    } catch (error) {
      studio.notify("trouble", t("branch.proposeFailed"), errorText(error));
    }
    setBusy(false);
  };
  return (
    <Modal opened={opened} onClose={onClose} title={t("branch.propose")} centered size={520}>
      <form
        className="dw-form"
        onSubmit={(event) => {
          event.preventDefault();
          void propose();
        }}
      >
        <p className="dw-quiet">{t("branch.proposeText")}</p>
        <TextInput data-autofocus label={t("branch.title")} required {...field("title")} />
        <Textarea label={t("branch.why")} rows={3} {...field("text")} />
        <div className="dw-two">
          <TextInput label={t("branch.owner")} required {...field("owner")} />
          <TextInput label={t("branch.effectiveFrom")} type="date" required {...field("effectiveFrom")} />
        </div>
        <TextInput label={t("branch.action")} placeholder={t("branch.actionHint")} required {...field("action")} />
        <div className="dw-dialog-foot">
          <Button variant="default" onClick={onClose}>
            {t("frame.cancel")}
          </Button>
          <Button type="submit" loading={busy}>
            {t("branch.propose")}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

import { Button, TextInput, Textarea } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { Dialog, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";

interface DialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Sends a branch as a merge request: planned values get an owner, a date and an action (P17). */
export default function ProposeDialog({ opened, onClose }: DialogProps): ReactNode {
  const { t } = useWords();
  const { field, busy, propose, discard } = useProposal(onClose);
  return (
    <Dialog opened={opened} onClose={onClose} title={t("branch.propose")} centered size={520}>
      <form
        className="dw-form"
        onSubmit={(event) => {
          event.preventDefault();
          void propose();
        }}
      >
        <p className="dw-quiet">{t("changes.branch.proposeText")}</p>
        <TextInput data-autofocus label={t("changes.branch.title")} required {...field("title")} />
        <Textarea label={t("changes.branch.why")} rows={3} {...field("text")} />
        <div className="dw-two">
          <TextInput label={t("changes.branch.owner")} required {...field("owner")} />
          <TextInput label={t("changes.branch.effectiveFrom")} type="date" required {...field("effectiveFrom")} />
        </div>
        <TextInput label={t("changes.branch.action")} placeholder={t("changes.branch.actionHint")} required {...field("action")} />
        <div className="dw-dialog-foot">
          <Button
            variant="default"
            onClick={() => {
              discard();
              onClose();
            }}
          >
            {t("frame.cancel")}
          </Button>
          <Button type="submit" loading={busy}>
            {t("branch.propose")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

type Form = Readonly<Record<"title" | "text" | "owner" | "effectiveFrom" | "action", string>>;

/** What is proposed of the branch entered, with what is known of it already filled in. */
function useProposal(onProposed: () => void) {
  const studio = useStudio();
  const { t } = useWords();
  const { branch: id } = useStore(studio.address.store);
  const branch = useStore(studio.branches).find((candidate) => candidate.id === id);
  // what a person typed for a branch stays, whatever is learned of it meanwhile and however the dialog is closed, until it is proposed or cancelled
  const [drafts, setDrafts] = useState<ReadonlyMap<string, Partial<Form>>>(new Map());
  const typed = drafts.get(id) ?? {};
  const setTyped = (next: Partial<Form>): void => setDrafts((held) => new Map(held).set(id, next));
  const [busy, setBusy] = useState(false);
  const form: Form = {
    title: branch?.name ?? "",
    text: "",
    owner: studio.preferences.get().name,
    effectiveFrom: new Date(Date.now() + 14 * 86_400_000).toISOString().slice(0, 10),
    action: "",
    ...typed,
  };
  const field = (key: keyof Form) => ({
    value: form[key],
    onChange: (event: { currentTarget: { value: string } }) => setTyped({ ...typed, [key]: event.currentTarget.value }),
  });
  const propose = async (): Promise<void> => {
    setBusy(true);
    const { title, text, owner, effectiveFrom, action } = form;
    try {
      const runs = (await studio.client.runs(id)).filter((run) => run.state === "done").map((run) => run.id);
      const request = await studio.client.propose({ branch: id, title, text, runs, planned: { owner, effectiveFrom, action } });
      studio.commits.update((count) => count + 1);
      studio.address.go({ view: "changes", detail: request.id });
      setTyped({});
      onProposed();
    } catch (error) {
      studio.notifyFailure(error, t("changes.branch.proposeFailed"));
    }
    setBusy(false);
  };
  return { field, busy, propose, discard: () => setTyped({}) };
}

import { Button, Menu, TextInput } from "@mantine/core";
import { IconBookmark, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import { answerOf, Dialog, useLoad, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { SavedTrend } from "../contract.ts";
import type { ModeProps } from "./analysis-view.tsx";
import { formatChoice, parseChoice, signalsOf } from "./choice.ts";

/** Trends that were saved for everybody, and the way to save this one. */
export function SavedMenu({ choice, sources, onChoose }: ModeProps): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { branch } = useStore(studio.address.store);
  const loaded = useLoad(answerOf(calls.saved, { query: { branch } }, { kinds: ["savedTrend"] }));
  const [isNaming, setNaming] = useState(false);
  const saved = loaded.value ?? [];
  const text = formatChoice({ ...choice, sources });
  const open = saved.find((each) => each.choice === text);
  const remove = (each: SavedTrend): void => {
    calls
      .removeSaved(studio.client, { params: { id: each.id }, query: { branch } })
      .then(loaded.reload, (error: unknown) => studio.notifyFailure(error, t("trends.saved.notRemoved")));
  };
  return (
    <>
      <Menu position="bottom-end" width={300}>
        <Menu.Target>
          <Button size="xs" variant="default" leftSection={<IconBookmark size={14} />}>
            {open?.title ?? t("trends.saved.title")}
          </Button>
        </Menu.Target>
        <Menu.Dropdown className="dw-analysis-saved">
          {saved.length === 0 && <Menu.Label>{loaded.kind === "failed" ? loaded.message : t("trends.saved.none")}</Menu.Label>}
          {saved.map((each) => (
            <Menu.Item key={each.id} onClick={() => onChoose(parseChoice(each.choice))}>
              {each.title} <small className="dw-quiet-text">{each.author}</small>
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item onClick={() => setNaming(true)}>{t("trends.saved.save")}</Menu.Item>
          {open !== undefined && (
            <Menu.Item leftSection={<IconTrash size={14} />} onClick={() => remove(open)}>
              {t("trends.saved.remove", { title: open.title })}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {isNaming && (
        <NameDialog saved={saved} choice={text} signals={signalsOf(sources)} onClose={() => setNaming(false)} onStored={loaded.reload} />
      )}
    </>
  );
}

function NameDialog({
  saved,
  choice,
  signals,
  onClose,
  onStored,
}: {
  readonly saved: readonly SavedTrend[];
  readonly choice: string;
  readonly signals: readonly string[];
  readonly onClose: () => void;
  readonly onStored: () => void;
}): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { branch } = useStore(studio.address.store);
  const [title, setTitle] = useState("");
  const [isBusy, setBusy] = useState(false);
  const same = saved.find((each) => each.title === title.trim());
  const store = async (): Promise<void> => {
    setBusy(true);
    const fields = { title: title.trim(), choice, signals };
    try {
      if (same === undefined) await calls.save(studio.client, { query: { branch }, body: fields });
      else await calls.change(studio.client, { params: { id: same.id }, query: { branch }, body: { ...fields, seen: same.written } });
      onStored();
      onClose();
    } catch (error) {
      studio.notifyFailure(error, t("trends.saved.notStored"));
      setBusy(false);
    }
  };
  return (
    <Dialog opened onClose={onClose} title={t("trends.saved.save")} size={420} centered>
      <form
        className="dw-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (title.trim() !== "") void store();
        }}
      >
        <TextInput
          label={t("trends.saved.name")}
          value={title}
          maxLength={200}
          onChange={(event) => setTitle(event.currentTarget.value)}
          data-autofocus
        />
        <p className="dw-note">{same === undefined ? t("trends.saved.forAll") : t("trends.saved.replaces", { author: same.author })}</p>
        <div className="dw-dialog-foot">
          <Button variant="default" onClick={onClose}>
            {t("frame.cancel")}
          </Button>
          <Button type="submit" loading={isBusy} disabled={title.trim() === ""}>
            {t(same === undefined ? "trends.saved.store" : "trends.saved.replace")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

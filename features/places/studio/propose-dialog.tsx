import { Button, Checkbox, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { Dialog, clockText, inLanguage, shell, useScope, useStudio, useTask, useWords } from "@doppelwerk/kit/studio";
import type { Place } from "../contract.ts";
import { linesWithin } from "./lines-within.ts";

/** Where several lines of a branch are chosen for a run, the detail of its address: `lines:Line3,Line4`. */
const linesDetail = (lines: readonly string[]): string | undefined => (lines.length > 1 ? `lines:${lines.join(",")}` : undefined);

interface ProposeProps {
  readonly places: readonly Place[];
  readonly root: string;
  /** Places of the lines that are chosen at first. */
  readonly chosen: readonly string[];
  readonly onClose: () => void;
}

/** Whether this product can run a branch at all. */
export function useCanPropose(): boolean {
  return useStudio()
    .views.of(shell.page)
    .some(({ data }) => data.path === "/decide");
}

/** From a place to a branch for its lines: forked now and opened where it is edited, run and compared; or one line to the optimiser. */
export function ProposeDialog({ places, root, chosen, onClose }: ProposeProps): ReactNode {
  const studio = useStudio();
  const { time } = useScope();
  const { t, language, zone } = useWords();
  const lines = linesWithin(places, root).map(({ place, line }) => ({ line, place: places.find(({ id }) => id === place)! }));
  const [held, setHeld] = useState<readonly string[]>(() => {
    const asked = lines.filter(({ place }) => chosen.includes(place.id));
    return (asked.length > 0 ? asked : lines).map(({ line }) => line);
  });
  const [typed, setTyped] = useState<string | undefined>(undefined);
  const { busy, run } = useTask((_, error) => studio.notifyFailure(error, t("places.propose.failed")));
  const titles = lines.filter(({ line }) => held.includes(line)).map(({ place }) => inLanguage(place.title, language));
  const name = typed ?? t("places.propose.name", { lines: titles.join(" + "), clock: clockText(time.instant(), zone, false) });
  const fork = async (): Promise<void> => {
    const at = time.state.get().kind === "live" ? undefined : time.instant();
    const branch = await studio.client.fork(name.trim().slice(0, 80), at);
    studio.branches.update((list) => [...list.filter((known) => known.id !== branch.id), branch]);
    studio.address.go({ view: "decide", branch: branch.id, line: held[0], detail: linesDetail(held), subject: undefined, run: undefined });
  };
  return (
    <Dialog opened onClose={onClose} title={t("places.propose.title")} centered size={480}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          run(fork);
        }}
      >
        <p className="dw-quiet">{t("places.propose.text")}</p>
        <Checkbox.Group
          label={t("places.propose.lines")}
          value={[...held]}
          onChange={(next) => next.length > 0 && setHeld(lines.map(({ line }) => line).filter((line) => next.includes(line)))}
        >
          <div className="dw-places-propose-lines">
            {lines.map(({ line, place }) => (
              <Checkbox key={line} size="sm" value={line} label={inLanguage(place.title, language)} />
            ))}
          </div>
        </Checkbox.Group>
        <TextInput
          label={t("places.propose.branch")}
          value={name}
          maxLength={80}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onFocus={(event) => event.currentTarget.select()}
        />
        <div className="dw-dialog-foot dw-places-propose-foot">
          <Button
            variant="default"
            disabled={held.length !== 1}
            title={held.length === 1 ? undefined : t("places.propose.oneLine")}
            onClick={() => studio.address.go({ view: "decide", line: held[0], detail: "optimise", subject: undefined, run: undefined })}
          >
            {t("places.propose.optimise")}
          </Button>
          <Button type="submit" loading={busy} disabled={name.trim() === ""}>
            {t("places.propose.fork")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

import { Button, Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import type { ReactNode } from "react";
import type { Shell } from "@doppelwerk/aas";
import { putSubmodel, queryPage } from "@doppelwerk/client";
import { installationSubmodel, swapped } from "@doppelwerk/operations";
import type { Installed } from "@doppelwerk/operations";
import { aasOf, useLoad, useScope, useStudio, useWords } from "@doppelwerk/kit/studio";
import { nameOfShell } from "./meaning.ts";
import { installationId } from "./places-of.ts";
import { searchQueries } from "./search.ts";
import { useChange } from "./use-change.ts";

/** Of a name, before it is searched for. */
const MIN_LETTERS = 2;

/** Puts another asset into the place, from now on. */
export function SwapAsset({
  place,
  periods,
  onDone,
}: {
  readonly place: Shell;
  readonly periods: readonly Installed[];
  readonly onDone: () => void;
}): ReactNode {
  const { t, language } = useWords();
  const { busy, change } = useChange();
  const [picked, setPicked] = useState<Shell | undefined>(undefined);
  const write = async (asset: Shell | undefined): Promise<void> => {
    const what = place.idShort ?? place.id;
    const next = installationSubmodel(installationId(place.id), swapped(periods, asset?.id, Date.now() * 1_000));
    const done = await change({
      reason:
        asset === undefined
          ? t("assets.explorer.takenOutOf", { what })
          : t("assets.explorer.installationOf", { asset: nameOfShell(asset, language) ?? asset.id, what }),
      done: t("assets.explorer.saved", { what }),
      failed: t("assets.explorer.notSaved", { what }),
      run: (api) => putSubmodel(api, next, place.id),
    });
    if (done) onDone();
  };
  return (
    <form
      className="dw-plain"
      onKeyDown={(event) => event.key === "Escape" && onDone()}
      onSubmit={(event) => {
        event.preventDefault();
        if (picked !== undefined) void write(picked);
      }}
    >
      <ShellPicker picked={picked} except={place.id} onPick={setPicked} />
      <div className="dw-edit-foot">
        <Button size="sm" variant="default" onClick={onDone}>
          {t("frame.cancel")}
        </Button>
        {periods.some(({ to }) => to === undefined) && (
          <Button size="sm" variant="default" loading={busy} onClick={() => void write(undefined)}>
            {t("assets.explorer.takeOut")}
          </Button>
        )}
        <Button size="sm" type="submit" loading={busy} disabled={picked === undefined}>
          {t("assets.explorer.installNow")}
        </Button>
      </div>
    </form>
  );
}

/** A shell of the repository, found by its name or id. */
function ShellPicker({
  picked,
  except,
  onPick,
}: {
  readonly picked: Shell | undefined;
  /** Id of the shell that is not offered. */
  readonly except: string;
  readonly onPick: (shell: Shell | undefined) => void;
}): ReactNode {
  const studio = useStudio();
  const { branch } = useScope();
  const { t, language } = useWords();
  const [typed, setTyped] = useState("");
  const [text] = useDebouncedValue(typed.trim(), 200);
  const found = useLoad(
    text.length < MIN_LETTERS
      ? undefined
      : (signal) =>
          queryPage<Shell>(aasOf(studio, branch), "shells", searchQueries(text, "shells")[1], { pageSize: 20, signal }).then(({ result }) =>
            result.filter(({ id }) => id !== except),
          ),
    [text, branch],
  );
  // what was picked stays an option, also when a search for its name finds others first
  const options = [...new Map([...(picked ? [picked] : []), ...(found.value ?? [])].map((each) => [each.id, each])).values()];
  return (
    <Select
      size="sm"
      label={t("assets.explorer.assetToInstall")}
      autoFocus
      searchable
      spellCheck={false}
      data={options.map((each) => ({ value: each.id, label: nameOfShell(each, language) ?? each.id }))}
      // What is offered was found by name and by id: nothing of it is left out again.
      filter={({ options: all }) => all}
      nothingFoundMessage={text.length < MIN_LETTERS || found.value === undefined ? undefined : t("assets.explorer.noShellFound")}
      value={picked?.id ?? null}
      onChange={(id) => onPick(options.find((each) => each.id === id))}
      onSearchChange={setTyped}
      renderOption={({ option }) => (
        <div className="dw-concept-option">
          <b>{option.label}</b>
          <small className="dw-breaks">{option.value}</small>
        </div>
      )}
    />
  );
}

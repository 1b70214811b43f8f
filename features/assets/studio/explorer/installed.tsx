import { Button, Select, UnstyledButton } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import type { ReactNode } from "react";
import type { Shell, Submodel } from "@doppelwerk/aas";
import { putSubmodel, queryPage } from "@doppelwerk/client";
import { INSTALLATION, installationSubmodel, readInstallation, stoodFor, swapped } from "@doppelwerk/operations";
import type { Installed } from "@doppelwerk/operations";
import { aasOf, datedText, durationText, useLoad, useScope, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import { documentPath, headsOf, read } from "./aas-access.ts";
import { nameOfShell } from "./meaning.ts";
import { installationId, placesOf } from "./places-of.ts";
import { searchQueries } from "./search.ts";
import { useChange } from "./use-change.ts";

/** Places that are looked through for those in which an asset stood. */
const MOST_PLACES = 1_000;

/** A place and the asset in it are different shells (P12): of a place who stands there, of an asset where it stands; and the swap. */
export function InstalledHere({
  shell,
  own,
  past,
  onShell,
}: {
  readonly shell: Shell;
  /** Id of the submodel in which this shell, as a place, says who stands there. */
  readonly own: string | undefined;
  readonly past: boolean;
  readonly onShell: (id: string) => void;
}): ReactNode {
  const studio = useStudio();
  const { branch } = useScope();
  const { t, language, zone } = useWords();
  const { at } = useStore(studio.address.store);
  const commits = useStore(studio.commits);
  const [swapping, setSwapping] = useState(false);
  const loaded = useLoad(
    async (signal) => {
      const api = aasOf(studio, branch);
      const query = { $condition: { $eq: [{ $field: "$sm#semanticId" }, { $strVal: INSTALLATION }] } };
      const [submodel, { result }] = await Promise.all([
        own === undefined ? undefined : read<Submodel>(api, documentPath(own), signal),
        queryPage<Submodel>(api, "submodels", query, { pageSize: MOST_PLACES, signal }),
      ]);
      const periods = submodel === undefined ? [] : readInstallation(submodel);
      const places = placesOf(shell.id, result);
      const called = await headsOf(api, [...periods.map((period) => period.shell), ...places.map(({ place }) => place)], signal);
      return { periods, places, called };
    },
    [shell.id, own, branch],
    undefined,
    commits,
  );
  if (loaded.value === undefined) return null;
  const { periods, places, called } = loaded.value;
  const now = at ?? Date.now() * 1_000;
  const nameOf = (id: string): string => nameOfShell(called.get(id), language) ?? id;
  const moment = (instant: number): string => datedText(instant, now, zone, language);
  const line = ({ from, to }: Installed): string =>
    to === undefined
      ? t("assets.explorer.since", { moment: moment(from) })
      : t("assets.explorer.fromTill", { from: moment(from), to: moment(to) });
  return (
    <section className="dw-block" aria-label={t("assets.explorer.installed")}>
      <header>
        <h3>{t("assets.explorer.installed")}</h3>
      </header>
      {periods.length === 0 && places.length === 0 && <p className="dw-quiet">{t("assets.explorer.installedText")}</p>}
      <ul className="dw-submodels">
        {periods.toReversed().map((period) => (
          <li key={`${period.shell} ${period.from}`}>
            <UnstyledButton className="dw-list-line is-stacked" title={period.shell} onClick={() => onShell(period.shell)}>
              <span>{nameOf(period.shell)}</span>
              <small>{line(period)}</small>
            </UnstyledButton>
          </li>
        ))}
        {places.map((each) => (
          <li key={each.place}>
            <UnstyledButton className="dw-list-line is-stacked" title={each.place} onClick={() => onShell(each.place)}>
              <span>{t("assets.explorer.standsIn", { place: nameOf(each.place) })}</span>
              <small>
                {line(each.periods.findLast((period) => period.shell === shell.id)!)} ·{" "}
                {t("assets.explorer.stoodFor", { time: durationText(stoodFor(each.periods, shell.id, now), language) })}
              </small>
            </UnstyledButton>
          </li>
        ))}
      </ul>
      {/* what stands in a place is none itself */}
      {!past &&
        (periods.length > 0 || places.length === 0) &&
        (swapping ? (
          <Swap place={shell} periods={periods} onDone={() => setSwapping(false)} />
        ) : (
          <UnstyledButton className="dw-text-link" onClick={() => setSwapping(true)}>
            {t(periods.length === 0 ? "assets.explorer.install" : "assets.explorer.swap")}
          </UnstyledButton>
        ))}
    </section>
  );
}

/** Puts another asset into the place, from now on. */
function Swap({
  place,
  periods,
  onDone,
}: {
  readonly place: Shell;
  readonly periods: readonly Installed[];
  readonly onDone: () => void;
}): ReactNode {
  const studio = useStudio();
  const { branch } = useScope();
  const { t, language } = useWords();
  const { busy, change } = useChange();
  const [sought, setSought] = useState("");
  const [picked, setPicked] = useState<Shell | undefined>(undefined);
  const [settled] = useDebouncedValue(sought.trim(), 200);
  const found = useLoad(
    settled.length < 2
      ? undefined
      : (signal) =>
          queryPage<Shell>(aasOf(studio, branch), "shells", searchQueries(settled, "shells")[1], { pageSize: 20, signal }).then(
            ({ result }) => result.filter(({ id }) => id !== place.id),
          ),
    [settled, branch],
  );
  // What was picked stays so, also when a search for its name finds others first.
  const options = [...new Map([...(picked ? [picked] : []), ...(found.value ?? [])].map((each) => [each.id, each])).values()];
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
      <Select
        size="sm"
        label={t("assets.explorer.assetToInstall")}
        autoFocus
        searchable
        spellCheck={false}
        data={options.map((each) => ({ value: each.id, label: nameOfShell(each, language) ?? each.id }))}
        // What is offered was found by name and by id: nothing of it is left out again.
        filter={({ options: all }) => all}
        nothingFoundMessage={settled.length < 2 || found.value === undefined ? undefined : t("assets.explorer.noShellFound")}
        value={picked?.id ?? null}
        onChange={(id) => setPicked(options.find((each) => each.id === id))}
        onSearchChange={setSought}
        renderOption={({ option }) => (
          <div className="dw-concept-option">
            <b>{option.label}</b>
            <small className="dw-breaks">{option.value}</small>
          </div>
        )}
      />
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

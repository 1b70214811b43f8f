import { UnstyledButton } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import type { Shell } from "@doppelwerk/aas";
import { stoodFor } from "@doppelwerk/operations";
import type { Installed } from "@doppelwerk/operations";
import { datedText, durationText, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import { nameOfShell } from "./meaning.ts";
import { SwapAsset } from "./swap-asset.tsx";
import { useInstallations } from "./use-installations.ts";

/** A place and the asset in it are different shells (P12): of a place which asset is installed there, of an asset where it is; and the swap. */
export function InstalledHere({
  shell,
  own,
  past,
  onShell,
}: {
  readonly shell: Shell;
  /** Id of the submodel in which this shell, as a place, says which asset is installed. */
  readonly own: string | undefined;
  readonly past: boolean;
  readonly onShell: (id: string) => void;
}): ReactNode {
  const studio = useStudio();
  const { t, language, zone } = useWords();
  const { at } = useStore(studio.address.store);
  const [isSwapping, setSwapping] = useState(false);
  const installations = useInstallations(shell.id, own);
  if (installations === undefined) return null;
  const { periods, places, called } = installations;
  const now = at ?? Date.now() * 1_000;
  const nameOf = (id: string): string => nameOfShell(called.get(id), language) ?? id;
  const moment = (instant: number): string => datedText(instant, now, zone, language);
  const periodText = ({ from, to }: Installed): string =>
    to === undefined
      ? t("assets.explorer.since", { moment: moment(from) })
      : t("assets.explorer.fromTill", { from: moment(from), to: moment(to) });
  const totalText = (there: readonly Installed[]): string =>
    t("assets.explorer.stoodFor", { time: durationText(stoodFor(there, shell.id, now), language) });
  return (
    <section className="dw-block" aria-label={t("assets.explorer.installed")}>
      <header>
        <h3>{t("assets.explorer.installed")}</h3>
      </header>
      {periods.length === 0 && places.length === 0 && <p className="dw-quiet">{t("assets.explorer.installedText")}</p>}
      <ul className="dw-submodels">
        {periods.toReversed().map((period) => (
          <InstalledLine
            key={`${period.shell} ${period.from}`}
            id={period.shell}
            title={nameOf(period.shell)}
            text={periodText(period)}
            onShell={onShell}
          />
        ))}
        {places.map(({ place, periods: there }) => (
          <InstalledLine
            key={place}
            id={place}
            title={t("assets.explorer.standsIn", { place: nameOf(place) })}
            text={`${periodText(there.findLast((period) => period.shell === shell.id)!)} · ${totalText(there)}`}
            onShell={onShell}
          />
        ))}
      </ul>
      {/* an asset that is installed in a place is none itself */}
      {!past &&
        (periods.length > 0 || places.length === 0) &&
        (isSwapping ? (
          <SwapAsset place={shell} periods={periods} onDone={() => setSwapping(false)} />
        ) : (
          <UnstyledButton className="dw-text-link" onClick={() => setSwapping(true)}>
            {t(periods.length === 0 ? "assets.explorer.install" : "assets.explorer.swap")}
          </UnstyledButton>
        ))}
    </section>
  );
}

function InstalledLine({
  id,
  title,
  text,
  onShell,
}: {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly onShell: (id: string) => void;
}): ReactNode {
  return (
    <li>
      <UnstyledButton className="dw-list-line is-stacked" title={id} onClick={() => onShell(id)}>
        <span>{title}</span>
        <small>{text}</small>
      </UnstyledButton>
    </li>
  );
}

import { Menu, UnstyledButton } from "@mantine/core";
import { IconSelector, IconWorld } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import { HOME_WORLD, type ListedWorld } from "@doppelwerk/client";
import { useLoad, useStore, useStudio, useWords } from "@doppelwerk/ui";
import { worldLink } from "./world-link.ts";

/** Which world this window is about, and the way to the others; nothing while there is one only. */
export function WorldSwitch(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { world: current = HOME_WORLD } = useStore(studio.address.store);
  const [openings, setOpenings] = useState(0);
  const worlds = useLoad((signal) => studio.client.worlds({ signal }), [], undefined, openings).value ?? [];
  if (worlds.length < 2 && current === HOME_WORLD) return null;
  const title = worlds.find(({ name }) => name === current)?.title ?? current;
  return (
    <Menu position="bottom-start" withArrow onOpen={() => setOpenings((count) => count + 1)}>
      <Menu.Target>
        <UnstyledButton className="dw-world-switch" aria-label={t("frame.switchWorld", { world: title })}>
          <IconWorld size={16} aria-hidden />
          <span>{title}</span>
          <IconSelector size={14} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t("frame.worlds")}</Menu.Label>
        {worlds.filter(canOpen).map(({ name, title: text }) => (
          <Menu.Item key={name} component="a" href={worldLink(name)} {...(name === current && { "aria-current": "page" as const })}>
            {text}
            {text !== name && <small> {name}</small>}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function canOpen({ state }: ListedWorld): boolean {
  return state !== "archived" && state !== "failed";
}

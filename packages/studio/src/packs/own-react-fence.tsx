import { message } from "@doppelwerk/messages";
import { Component } from "react";
import type { ComponentType, ReactNode } from "react";
import { DoppelwerkError } from "@doppelwerk/world";

interface Props {
  readonly file: string;
  readonly children: ReactNode;
}

/** What React says where there are two of it leads nowhere: the file that brings the second one is named in its place. */
class OwnReactFence extends Component<Props, { readonly hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError(): { readonly hasFailed: boolean } {
    return { hasFailed: true };
  }

  override render(): ReactNode {
    if (this.state.hasFailed) throw new DoppelwerkError("DW_INVALID", message("frame.packOwnReact", { file: this.props.file }));
    return this.props.children;
  }
}

/** A component of a pack that has a React of its own in `file`. It may not use it here: then it is shown as it is. */
export function withOwnReactNamed(Shown: ComponentType<object>, file: string): ComponentType<object> {
  return function PartOfPack(props) {
    return (
      <OwnReactFence file={file}>
        <Shown {...props} />
      </OwnReactFence>
    );
  };
}

/** The options that the editors below an inspector work on. */
import { createContext } from 'svelte';

import type { OptionsForm } from '../../../state/options-form.svelte';

export const [editedOptions, setEditedOptions] = createContext<OptionsForm>();

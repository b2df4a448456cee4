const OF_INPUT_METHOD = 229

/** Whether a key belongs to an input method that is at work. Safari ends the composition before it tells of the Enter that did. */
export const composes = ({ isComposing, keyCode }: KeyboardEvent): boolean => isComposing || keyCode === OF_INPUT_METHOD

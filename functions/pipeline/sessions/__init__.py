"""Operations on a whole session: its stored state, its stop, its analysis once more."""

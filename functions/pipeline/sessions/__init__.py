"""Operations on a whole session: reading its stored state, stopping it, analysing it again."""

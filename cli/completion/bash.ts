/**
 * Bash alone is done here: the script of `@bomb.sh/tab` needs the package bash-completion, evaluates what is typed, and knows
 * no files. From Bash 3.2 on, which macOS has; `compopt` came with 4.0.
 */
export const BASH = `# bash completion for ecr-steward

_ecr_steward() {
  local words=() n=0 glue= i word line out value
  # Bash takes = and : for words of their own.
  for ((i = 1; i <= COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    [[ $i -eq $COMP_CWORD && -z $word && \${COMP_LINE:0:COMP_POINT} == *[[:space:]] ]] && glue=
    if [[ $n -gt 0 && ( $word == [=:] || -n $glue ) ]]; then
      words[n - 1]+=$word
    else
      words[n++]=$word
    fi
    [[ $word == [=:] ]] && glue=1 || glue=
  done
  word=\${COMP_WORDS[COMP_CWORD]}
  [[ $word == [=:] ]] && word=

  COMPREPLY=()
  out=$(ecr-steward complete -- "\${words[@]}" 2> /dev/null) || return
  while IFS= read -r line; do
    value=\${line%%$'\\t'*}
    case $line in
      :0) ;;
      :4) compopt +o default 2> /dev/null ;;
      :6) compopt +o default -o nospace 2> /dev/null ;;
      *)
        [[ $value == "$word"* ]] && COMPREPLY+=("$value")
        ;;
    esac
  done <<< "$out"
}

complete -o default -F _ecr_steward ecr-steward
`

@echo off
rem Installs xlplan out of this folder, once and without a network, and starts it.
setlocal
set "HERE=%~dp0"
set "PYTHON="
if exist "%HERE%python\python.exe" set PYTHON="%HERE%python\python.exe"
if defined PYTHON goto start
py -@PYTHON@ -c "" >nul 2>nul
if not errorlevel 1 set PYTHON=py -@PYTHON@
if defined PYTHON goto start
rem start.py says which version it takes
py -3 -c "" >nul 2>nul
if not errorlevel 1 set PYTHON=py -3
if defined PYTHON goto start
set SPOKEN=en
chcp | find "932" >nul
if not errorlevel 1 set SPOKEN=ja
type "%HERE%python-needed-%SPOKEN%.txt"
if "%~1"=="" pause
exit /b 2
:start
%PYTHON% "%HERE%start.py" %*
set STATUS=%ERRORLEVEL%
if "%~1"=="" if not "%STATUS%"=="0" pause
exit /b %STATUS%
